import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("budget_status", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("budget_status", { top: 3 })).toMatchSnapshot();
  });

  it("says what is missing, and which scope it would take", async () => {
    const { ask } = await openMake(server, { scopes: ["organizations:read", "scenarios:read"] });
    expect(await ask("budget_status")).toMatchObject({
      data: { usage: { used: 23_050 } },
      partial: [{ part: "teams", reason: "scope", need: "teams:read" }],
    });
  });
});

describe("budget_projection", () => {
  it("answers in whole, both ways", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("budget_projection");
    expect(answer).toMatchObject({
      data: {
        usage: { used: 23_050, limit: 30_000, left: 6_950 },
        linear: { projected: 36_395, percentOfLimit: 121, daysLeft: 5 },
        // 23050, and 21 to 30 November at 1100 1150 1200 1250 1300 1000 1050 1100 1150 1200
        weekday: { projected: 34_550, percentOfLimit: 115, low: 34_550, high: 34_550, daysLeft: 6 },
      },
    });
    expect(answer).toMatchSnapshot();
  });

  it("takes a team's own limit", async () => {
    const { data } = await openMake(server);
    expect(await data("budget_projection", { teamId: 201 })).toMatchObject({
      usage: { unit: "operations", used: 13_830, limit: 20_000, left: 6_170 },
      linear: { projected: 21_837, percentOfLimit: 109 },
    });
  });
});

describe("budget_rules", () => {
  it("stores rules that budget_status judges by, and answers in whole", async () => {
    const { ask, data } = await openMake(server);
    const rules = [
      { scope: "organization", id: 101, maxCredits: 20_000 },
      { scope: "team", id: 202, maxCredits: 10_000 },
      { scope: "scenario", id: 4006, maxCredits: 800 },
      { scope: "scenario", id: 4012, maxCredits: 1 },
    ];
    expect(await ask("budget_rules", { rules })).toMatchSnapshot();
    expect(await data("budget_rules")).toEqual({ rules });
    expect(await data("budget_status")).toMatchObject({
      rules: [
        { credits: 23_050, percent: 115, exceeded: true },
        { credits: 9_220, percent: 92, exceeded: false },
        { credits: 800, percent: 100, exceeded: false },
        { credits: null, exceeded: null },
      ],
    });
  });

  it("refuses two rules on one thing", async () => {
    const { error } = await openMake(server);
    const rule = { scope: "team", id: 201, maxCredits: 1 };
    await error("budget_rules", { rules: [rule, rule] }, "VALIDATION_ERROR");
  });
});

describe("budget_set_team_limit", () => {
  it("shows first, then caps, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = { teamId: 201, operationsLimit: 10_000 };
    expect(await ask("budget_set_team_limit", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("budget_set_team_limit", { ...input, confirm: true })).toMatchSnapshot();
    expect(stub.writes).toMatchObject([
      { method: "PATCH", path: "/teams/201", body: { operationsLimit: 10_000 } },
    ]);
  });
});

describe("budget_guard", () => {
  it("shows which scenarios it would stop, and that it is not enough", async () => {
    const { ask, stub } = await openMake(server);
    expect(await ask("budget_guard")).toMatchSnapshot();
    expect(await ask("budget_guard", { dryRun: false })).toHaveProperty("preview");
    expect(stub.writes).toEqual([]);
  });

  it("stops them when it is told twice, and keeps what it is told to keep", async () => {
    const { ask, stub } = await openMake(server);
    const input = { keep: [4006, 4001, 4010], dryRun: false, confirm: true };
    expect(await ask("budget_guard", input)).toMatchSnapshot();
    expect(stub.writes.map(({ path }) => path)).toEqual([
      "/scenarios/4002/stop",
      "/scenarios/4005/stop",
      "/scenarios/4009/stop",
      "/scenarios/4003/stop",
    ]);
  });
});
