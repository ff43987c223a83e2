import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAX_RUNBOOKS } from "../src/domain/runbooks.ts";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const retry = {
  id: "retry",
  steps: [
    { tool: "incomplete_executions", args: { scenarioId: "{{params.scenario}}" } },
    {
      tool: "incomplete_executions_resolve",
      args: { scenarioId: "{{params.scenario}}", action: "retry", confirm: true },
      when: { param: "really", equals: "yes" },
    },
  ],
};
const input = { id: "retry", params: { scenario: 4001, really: "yes" } };
const go = { dryRun: false, confirm: true };

describe("runbooks", () => {
  it("are stored, listed, shown and run; each answers in whole", async () => {
    const { ask, stub, stateDir } = await openMake(server);
    expect(await ask("procedures_put", retry)).toMatchSnapshot();
    expect(await ask("procedures_list")).toMatchSnapshot();
    expect(await ask("procedures_run", { ...input, confirm: true })).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("procedures_run", { ...input, ...go })).toMatchSnapshot();
    expect(stub.writes).toMatchObject([{ path: "/dlqs/retry" }]);
    const journal = (await readFile(join(stateDir, "journal.jsonl"), "utf8")).trim().split("\n");
    expect(journal.map((line) => JSON.parse(line).tool)).toEqual([
      "procedures_run",
      "incomplete_executions_resolve",
    ]);
  });

  it("leave out a step whose condition does not hold", async () => {
    const { data, stub } = await openMake(server);
    await data("procedures_put", retry);
    const params = { scenario: 4001, really: "no" };
    expect(await data("procedures_run", { id: "retry", params, ...go })).toMatchObject({
      completed: true,
      steps: [{ outcome: "done" }, { outcome: "skipped" }],
    });
    expect(stub.writes).toEqual([]);
  });

  it("stop at the first step that fails, or that only shows what it would do", async () => {
    const { data, stub } = await openMake(server);
    const [read, resolve] = retry.steps;
    const unconfirmed = { ...resolve, args: { ...resolve?.args, confirm: false } };
    await data("procedures_put", { id: "retry", steps: [unconfirmed, read] });
    expect(await data("procedures_run", { ...input, ...go })).toMatchObject({
      completed: false,
      steps: [{ outcome: "failed", answer: { preview: { action: "retry" } } }],
      notRun: ["incomplete_executions"],
    });
    const steps = [{ tool: "policies_get", args: { policyId: "none" } }, read];
    await data("procedures_put", { id: "retry", steps });
    expect(await data("procedures_run", { ...input, ...go })).toMatchObject({
      completed: false,
      steps: [{ tool: "policies_get", outcome: "failed" }],
      notRun: ["incomplete_executions"],
    });
    expect(stub.writes).toEqual([]);
  });

  it("refuse what is no step, what lacks a parameter, and input that a tool would refuse", async () => {
    const { data, error } = await openMake(server);
    for (const tool of ["procedures_run", "scenarios_list"])
      await error("procedures_put", { id: "a", steps: [{ tool }] }, "VALIDATION_ERROR");
    await data("procedures_put", retry);
    await error("procedures_run", { id: "retry", ...go }, "VALIDATION_ERROR");
    const params = { scenario: "x", really: "yes" };
    await error("procedures_run", { id: "retry", params, ...go }, "VALIDATION_ERROR");
    await error("procedures_run", { id: "none" }, "NOT_FOUND");
  });

  it("call no tool that is switched off", async () => {
    const { error } = await openMake(server, { env: { TOOLSETS: "procedures" } });
    const steps = [{ tool: "policies_list" }];
    await error("procedures_put", { id: "a", steps }, "VALIDATION_ERROR");
  });

  it(`are ${MAX_RUNBOOKS} at most`, async () => {
    const { data, error } = await openMake(server);
    for (let n = 1; n <= MAX_RUNBOOKS; n++) await data("procedures_put", { ...retry, id: `r${n}` });
    await error("procedures_put", { ...retry, id: "more" }, "CONFLICT");
    expect(await data("procedures_put", { ...retry, id: "r1" })).toMatchObject({ created: false });
  });
});
