import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("scenarios_list", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("scenarios_list", { teamId: 201, text: "leads" })).toMatchSnapshot();
  });

  it("lists the organisation, and goes on by its cursor", async () => {
    const { data } = await openMake(server);
    const first = await data("scenarios_list", { limit: 8 });
    const second = await data("scenarios_list", { limit: 8, cursor: first.nextCursor });
    const ids = [first, second].flatMap(({ scenarios }) =>
      (scenarios as { id: number }[]).map(({ id }) => id),
    );
    expect(ids).toEqual([4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4010, 4011, 4012]);
    expect(second.nextCursor).toBeUndefined();
  });

  it.each([
    [{ active: false }, [4004, 4007, 4011]],
    [{ usedPackage: "google-sheets" }, [4006, 4007, 4008, 4009]],
    [{ folderId: 501 }, [4001, 4002, 4010]],
  ])("filters by %j", async (filter, ids) => {
    const { data } = await openMake(server);
    const { scenarios } = await data("scenarios_list", filter);
    expect((scenarios as { id: number }[]).map(({ id }) => id)).toEqual(ids);
  });
});

describe("scenarios_get", () => {
  it("answers in whole, with secrets masked", async () => {
    const { ask } = await openMake(server);
    const input = { scenarioId: 4001, include: ["blueprint", "usage", "interface"] };
    const answer = await ask("scenarios_get", input);
    expect(answer).toMatchSnapshot();
    expect(JSON.stringify(answer)).not.toContain("EXAMPLE-NOT-A-REAL-TOKEN");
  });

  it("reveals only where the operator allows it", async () => {
    const input = { scenarioId: 4001, include: ["blueprint"], reveal: true };
    const closed = await openMake(server);
    const masked = await closed.ask("scenarios_get", input);
    expect(JSON.stringify(masked)).not.toContain("TOKEN-0001");
    expect(masked.warnings).toEqual([expect.stringContaining("MAKE_REVEAL")]);
    const open = await openMake(server, { env: { MAKE_REVEAL: "true" } });
    expect(JSON.stringify(await open.ask("scenarios_get", input))).toContain("TOKEN-0001");
  });
});

describe("scenarios_create", () => {
  const blueprint = { name: "x", flow: [{ id: 1, module: "util:SetVariable2", version: 1 }] };

  it("sends blueprint and scheduling as JSON in strings, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const scheduling = { type: "indefinitely", interval: 900 };
    const input = { name: "MKT | New", blueprint, scheduling, folderId: 501 };
    expect(await ask("scenarios_create", input)).toMatchSnapshot();
    const sent = stub.writes[0]?.body as { blueprint: string; scheduling: string };
    expect(sent).toMatchObject({ teamId: 201, folderId: 501 });
    expect(JSON.parse(sent.blueprint)).toEqual({ ...blueprint, name: "MKT | New" });
    expect(JSON.parse(sent.scheduling)).toEqual(scheduling);
  });

  it("clones, and the copy is off", async () => {
    const { data } = await openMake(server);
    const { scenario } = await data("scenarios_create", {
      name: "Copy",
      cloneFrom: 4001,
      teamId: 202,
    });
    expect(scenario).toMatchObject({ name: "Copy", teamId: 202, isActive: false });
  });

  it("tells that Make wants an app's first use confirmed", async () => {
    const { error, data } = await openMake(server);
    const first = { name: "x", blueprint: { flow: [{ id: 1, module: "first-use-app:Do" }] } };
    const { message } = await error("scenarios_create", first, "CONFLICT");
    expect(message).toContain("IM004");
    await data("scenarios_create", { ...first, installApps: true });
  });

  it("takes a blueprint or a scenario to clone, not both and not none", async () => {
    const { error } = await openMake(server);
    await error("scenarios_create", { name: "x" }, "VALIDATION_ERROR");
    await error("scenarios_create", { name: "x", cloneFrom: 4001, blueprint }, "VALIDATION_ERROR");
  });
});

describe("scenarios_update", () => {
  it("renames, moves and stops, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = { scenarioId: 4003, name: "MKT | New name", folderId: 501, active: false };
    expect(await ask("scenarios_update", input)).toMatchSnapshot();
    expect(stub.writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PATCH /scenarios/4003",
      "POST /scenarios/4003/stop",
    ]);
  });

  it("replaces a blueprint only when confirmed, and saves the old one", async () => {
    const { ask, data, stub } = await openMake(server);
    const input = { scenarioId: 4003, blueprint: { flow: [{ id: 1, module: "json:New" }] } };
    const { preview } = await ask("scenarios_update", input);
    expect(preview).toMatchObject({ changes: ["blueprint"] });
    expect(stub.writes).toEqual([]);
    await data("scenarios_update", { ...input, confirm: true });
    expect(stub.world.blueprints["4003"]).toMatchObject({ blueprint: input.blueprint });
  });

  it("does nothing when somebody edited meanwhile", async () => {
    const { error, stub } = await openMake(server);
    const input = { scenarioId: 4001, name: "x", expectedLastEdit: "2026-01-01T00:00:00.000Z" };
    await error("scenarios_update", input, "CONFLICT");
    expect(stub.writes).toEqual([]);
  });
});

describe("scenarios_delete", () => {
  it("shows what would go, then saves it and deletes", async () => {
    const { ask, stub, stateDir } = await openMake(server);
    expect(await ask("scenarios_delete", { scenarioId: 4004 })).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    const done = await ask("scenarios_delete", { scenarioId: 4004, confirm: true });
    expect(done).toMatchSnapshot();
    expect(stub.requests.at(-1)).toBe("DELETE /scenarios/4004");
    const { saved } = done.data as { saved: string };
    expect(JSON.parse(await readFile(join(stateDir, saved), "utf8"))).toMatchObject({
      blueprint: { name: "Copy of Leads sync (DO NOT USE)" },
    });
  });

  it("needs a folder for the blueprint", async () => {
    const { error } = await openMake(server, { env: { MAKE_STATE_DIR: "" } });
    const { message } = await error("scenarios_delete", { scenarioId: 4004 }, "CONFIG_ERROR");
    expect(message).toContain("MAKE_STATE_DIR");
  });
});

describe("scenarios_run", () => {
  it("shows what would run, then runs and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = { scenarioId: 4009, data: { invoice: "A-1" } };
    expect(await ask("scenarios_run", input)).toMatchSnapshot();
    expect(await ask("scenarios_run", { ...input, confirm: true })).toMatchSnapshot();
    expect(stub.writes[0]?.body).toEqual({ data: { invoice: "A-1" }, responsive: true });
  });

  it("asks for the end of a run that Make stopped waiting for", async () => {
    const { data } = await openMake(server, {
      intercept: ({ path }) =>
        path === "/scenarios/4009/run" ? { body: { executionId: "5a1d0e" } } : undefined,
    });
    expect(await data("scenarios_run", { scenarioId: 4009, confirm: true })).toEqual({
      executionId: "5a1d0e",
      status: "SUCCESS",
      outputs: { class: "paid" },
    });
  });
});
