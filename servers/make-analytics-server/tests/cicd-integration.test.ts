import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bundle } from "../src/domain/bundle.ts";
import { server } from "../src/server.ts";
import { type MakeHarness, openMake } from "./shared/make-stub/harness.ts";

async function exported(make: MakeHarness, scenarioIds: number[], teamId = 201): Promise<Bundle> {
  const { bundle } = await make.data("cicd_export", { teamId, scenarioIds });
  return bundle as Bundle;
}

async function plannedChange(make: MakeHarness): Promise<string> {
  const bundle = await exported(make, [4003]);
  Object.assign(bundle.scenarios[0] ?? {}, { scheduling: { type: "indefinitely", interval: 900 } });
  const { planId } = await make.data("cicd_plan", { bundle, teamId: 201 });
  return planId as string;
}

async function plannedCreation(make: MakeHarness): Promise<string> {
  const bundle = await exported(make, [4003]);
  Object.assign(bundle.scenarios[0] ?? {}, { folder: "New folder" });
  const { planId } = await make.data("cicd_plan", { bundle, teamId: 202 });
  return planId as string;
}

describe("cicd_export", () => {
  it("answers in whole, ids by name and secrets masked", async () => {
    const { ask } = await openMake(server);
    expect(await ask("cicd_export", { teamId: 201, scenarioIds: [4001, 4002] })).toMatchSnapshot();
  });

  it("says what a scenario that is not there is", async () => {
    const { error } = await openMake(server);
    await error("cicd_export", { teamId: 201, scenarioIds: [4006] }, "NOT_FOUND");
  });
});

describe("cicd_plan", () => {
  it("finds nothing to do where a bundle came from, masked secrets or not", async () => {
    const make = await openMake(server);
    const bundle = await exported(make, [4001, 4002, 4003, 4004, 4005, 4010]);
    const { scenarios, missing } = await make.data("cicd_plan", { bundle, teamId: 201 });
    expect(missing).toEqual([]);
    for (const each of scenarios as object[]) expect(each).toMatchObject({ action: "unchanged" });
    expect(scenarios).toHaveLength(6);
  });

  it("answers in whole, names what the other team lacks, takes a map", async () => {
    const make = await openMake(server);
    const bundle = await exported(make, [4010]);
    expect(await make.ask("cicd_plan", { bundle, teamId: 202 })).toMatchSnapshot();
    const map = { "connection:Slack": 6003, "hook:Form intake": 7004 };
    const answer = await make.data("cicd_plan", { bundle, teamId: 202, map });
    expect(answer).toMatchObject({ missing: [], scenarios: [{ action: "create", blocked: [] }] });
    expect(answer.planId).toMatch(/^[0-9a-f]{64}$/);
  });

  it("refuses a map to what the team has not, and a bundle with a name twice", async () => {
    const make = await openMake(server);
    const bundle = await exported(make, [4010]);
    const map = { "connection:Slack": 6004 };
    await make.error("cicd_plan", { bundle, teamId: 202, map }, "VALIDATION_ERROR");
    const twice = { ...bundle, scenarios: [...bundle.scenarios, ...bundle.scenarios] };
    await make.error("cicd_plan", { bundle: twice, teamId: 201 }, "VALIDATION_ERROR");
  });

  it("never writes a masked secret", async () => {
    const make = await openMake(server);
    const bundle = await exported(make, [4001]);
    const map = { "connection:HubSpot prod": 6003 };
    expect(await make.data("cicd_plan", { bundle, teamId: 202, map })).toMatchObject({
      planId: null,
      scenarios: [{ blocked: [expect.stringContaining("a masked secret at flow[0]")] }],
    });
  });
});

describe("cicd_deploy and cicd_rollback", () => {
  it("show, change and put back; each answers in whole", async () => {
    const make = await openMake(server);
    const planId = await plannedChange(make);
    expect(await make.ask("cicd_deploy", { planId })).toMatchSnapshot();
    expect(make.stub.writes).toEqual([]);
    expect(await make.ask("cicd_deploy", { planId, confirm: true })).toMatchSnapshot();
    const live = () => make.stub.world.blueprints["4003"]?.scheduling;
    expect(live()).toEqual({ type: "indefinitely", interval: 900 });
    const [file = ""] = await readdir(join(make.stateDir, "deploys"));
    const deployId = file.replace(".json", "");
    expect(await make.ask("cicd_rollback", { deployId })).toMatchSnapshot();
    expect(await make.ask("cicd_rollback", { deployId, confirm: true })).toMatchSnapshot();
    expect(live()).toEqual({ type: "on-demand" });
  });

  it("create with the folder, start, and are stopped again", async () => {
    const make = await openMake(server);
    const planId = await plannedCreation(make);
    const { deployId, done } = await make.data("cicd_deploy", {
      planId,
      start: true,
      confirm: true,
    });
    const scenarioId = 9002;
    expect(done).toEqual([{ action: "created", scenarioId, name: "new scenario", started: true }]);
    expect(make.stub.writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /scenarios-folders",
      "POST /scenarios",
      `POST /scenarios/${scenarioId}/start`,
    ]);
    const rolledBack = await make.data("cicd_rollback", { deployId, confirm: true });
    expect(rolledBack).toEqual({ restored: [], stopped: [scenarioId], created: [scenarioId] });
  });

  it("say what is done when one of several fails, so that it can be rolled back", async () => {
    const make = await openMake(server, {
      intercept: ({ method, path }) =>
        method === "PATCH" && path === "/scenarios/4004"
          ? { status: 422, body: { code: "SC422", message: "Broken module." } }
          : undefined,
    });
    const bundle = await exported(make, [4003, 4004]);
    const scheduling = { type: "indefinitely", interval: 1800 };
    for (const each of bundle.scenarios) Object.assign(each, { scheduling });
    const { planId } = await make.data("cicd_plan", { bundle, teamId: 201 });
    const error = await make.error("cicd_deploy", { planId, confirm: true }, "API_ERROR");
    expect(error.message).toContain("1 of 2 scenarios are deployed");
    const { deployId } = error.details as { deployId: string };
    const rolledBack = await make.data("cicd_rollback", { deployId, confirm: true }).catch(String);
    expect(String(rolledBack)).toContain("Broken module.");
    expect(make.stub.world.blueprints["4003"]?.scheduling).toEqual({ type: "on-demand" });
  });

  it("refuse a plan that is void: target edited, file changed, or unknown", async () => {
    const make = await openMake(server);
    const planId = await plannedChange(make);
    const target = make.stub.world.things.scenarios.find(({ id }) => id === 4003);
    const lastEdit = target?.lastEdit;
    Object.assign(target ?? {}, { lastEdit: "2026-11-20T01:00:00.000Z" });
    await make.error("cicd_deploy", { planId, confirm: true }, "CONFLICT");
    Object.assign(target ?? {}, { lastEdit });
    const file = join(make.stateDir, "plans", `${planId}.json`);
    await writeFile(file, (await readFile(file, "utf8")).replace("900", "60"));
    await make.error("cicd_deploy", { planId, confirm: true }, "CONFLICT");
    const unknown = "0".repeat(64);
    await make.error("cicd_deploy", { planId: unknown, confirm: true }, "NOT_FOUND");
    expect(make.stub.writes).toEqual([]);
  });
});

describe("cicd_verify", () => {
  it("answers in whole, with a run", async () => {
    const { ask } = await openMake(server);
    const input = {
      scenarioIds: [4009, 4005],
      interfaces: { 4009: { input: ["invoice"], output: ["kind"] } },
      testData: { 4009: { invoice: "1" } },
    };
    expect(await ask("cicd_verify", input)).toMatchSnapshot();
  });

  it("refuses data for a scenario that is not verified, and runs nothing unasked", async () => {
    const { error, data, stub } = await openMake(server);
    const testData = { 4001: {} };
    await error("cicd_verify", { scenarioIds: [4009], testData }, "VALIDATION_ERROR");
    expect(await data("cicd_verify", { scenarioIds: [4009] })).toMatchObject({ passed: true });
    expect(stub.writes).toEqual([]);
  });
});
