import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const idsOf = (rows: unknown) => (rows as { id: number }[]).map(({ id }) => id);

describe("archival_candidates", () => {
  it("answers in whole, with the three planted ones", async () => {
    const { ask, data } = await openMake(server);
    expect(await ask("archival_candidates")).toMatchSnapshot();
    const { candidates } = await data("archival_candidates", { days: 90 });
    expect(idsOf(candidates)).toEqual([4004, 4007, 4012]);
  });

  it("counts days to the day", async () => {
    const { data } = await openMake(server);
    // 4007 ran last on 14 May: 190 days before, to the minute
    const at = async (days: number) =>
      idsOf((await data("archival_candidates", { days, teamId: 202 })).candidates);
    expect(await at(189)).toContain(4007);
    expect(await at(190)).not.toContain(4007);
  });
});

describe("archival_apply", () => {
  it("shows, archives when told twice, and brings back; each answers in whole", async () => {
    const { ask, stub, stateDir } = await openMake(server);
    const show = async (tool: string, input: object) =>
      JSON.parse(JSON.stringify(await ask(tool, input)).replaceAll(stateDir, "")) as unknown;
    const input = { scenarioIds: [4012], folderId: 503 };
    expect(await show("archival_apply", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(
      await show("archival_apply", { ...input, dryRun: false, confirm: true }),
    ).toMatchSnapshot();
    expect(stub.writes.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/scenarios/4012/stop", undefined],
      ["PATCH", "/scenarios/4012", { folderId: 503 }],
    ]);
    expect(await show("archival_restore", { scenarioId: 4012, start: true })).toMatchSnapshot();
    expect(stub.world.things.scenarios.find(({ id }) => id === 4012)).toMatchObject({
      isActive: true,
    });
  });

  it("restores only what it archived", async () => {
    const { error } = await openMake(server);
    await error("archival_restore", { scenarioId: 4001 }, "NOT_FOUND");
  });
});

describe("archival_rules", () => {
  it("keeps rules that archival_candidates takes, and answers in whole", async () => {
    const { ask, data } = await openMake(server);
    expect(await ask("archival_rules")).toMatchSnapshot();
    await data("archival_rules", { rules: { days: 200, exceptScenarioIds: [4012] } });
    const { candidates } = await data("archival_candidates");
    expect(idsOf(candidates)).toEqual([4004]);
  });
});
