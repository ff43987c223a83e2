import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const scenario = { scenarioId: 4001 };

describe("blueprints_history", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("blueprints_history", scenario)).toMatchSnapshot();
  });

  it("goes without authors where the plan has no audit log", async () => {
    const { ask } = await openMake(server, { plan: "Core" });
    expect(await ask("blueprints_history", scenario)).toMatchObject({
      data: { versions: [{ version: 12, author: null }, { version: 11 }] },
      partial: [{ part: "authors", reason: "plan", need: "Teams or Enterprise" }],
    });
  });

  it("names the author whom the audit log has for the scenario at that moment", async () => {
    const actor = { id: 301, name: "Ada Admin", email: "ada@example.com" };
    const entry = {
      uuid: "u",
      eventName: "scenario_edited",
      triggeredAt: "2026-11-17T00:00:30.000Z",
      actor,
    };
    const { data } = await openMake(server, {
      intercept: ({ path }) =>
        path.startsWith("/audit-logs/")
          ? {
              body: {
                auditLogs: [
                  { ...entry, targetId: "4002" },
                  { ...entry, targetId: "4001" },
                ],
                pg: {},
              },
            }
          : undefined,
    });
    const { versions } = await data("blueprints_history", scenario);
    expect(versions).toMatchObject([
      { version: 12, author: actor },
      { version: 11, author: null },
    ]);
  });
});

describe("blueprints_diff", () => {
  it("answers in whole, with secrets masked", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("blueprints_diff", { ...scenario, from: 11 });
    expect(answer).toMatchSnapshot();
    expect(JSON.stringify(answer)).not.toContain("EXAMPLE-NOT");
  });

  it("compares with a file; where modules are drawn is no difference", async () => {
    const { data, stub } = await openMake(server);
    const { blueprint } = structuredClone(stub.world.blueprints["4001"]) as {
      blueprint: { flow: { metadata: { designer: { x: number } } }[] };
    };
    for (const { metadata } of blueprint.flow) metadata.designer.x = 700;
    expect(await data("blueprints_diff", { ...scenario, file: blueprint })).toMatchObject({
      same: true,
    });
  });

  it("takes two different versions, or one and a file", async () => {
    const { error } = await openMake(server);
    await error("blueprints_diff", scenario, "VALIDATION_ERROR");
    await error("blueprints_diff", { ...scenario, from: 11, to: 11 }, "VALIDATION_ERROR");
  });
});

it("blueprints_export answers in whole, and the same each time", async () => {
  const { ask, data } = await openMake(server);
  const answer = await ask("blueprints_export", { scenarioIds: [4001, 4010] });
  expect(answer).toMatchSnapshot();
  expect(JSON.stringify(answer)).not.toContain("EXAMPLE-NOT");
  expect(await data("blueprints_export", { scenarioIds: [4001, 4010] })).toEqual(answer.data);
});

describe("blueprints_merge", () => {
  const edit = (name: string, change: (flow: Record<string, object>[]) => void, from: object) => {
    const copy = structuredClone(from) as { name: string; flow: Record<string, object>[] };
    copy.name = name;
    change(copy.flow);
    return copy;
  };

  it("takes both sides' changes, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const { blueprint: base } = stub.world.versions["4001/11"] as { blueprint: object };
    const edited = edit(
      "MKT | Leads | Sync",
      (flow) => Object.assign(flow[1]?.mapper ?? {}, { phone: "{{1.phone}}" }),
      base,
    );
    const answer = await ask("blueprints_merge", { ...scenario, baseVersion: 11, edited });
    expect(answer).toMatchSnapshot();
    expect(JSON.stringify(answer)).not.toContain("EXAMPLE-NOT");
    expect(stub.writes).toEqual([]);
  });

  it("returns what both changed as a conflict, and keeps what is live", async () => {
    const { data, stub } = await openMake(server);
    const { blueprint: base } = stub.world.versions["4001/11"] as { blueprint: object };
    const edited = edit(
      "x",
      (flow) => Object.assign(flow[0]?.mapper ?? {}, { url: "http://other.example.com" }),
      base,
    );
    expect(await data("blueprints_merge", { ...scenario, base, edited })).toMatchObject({
      clean: false,
      conflicts: [
        {
          path: "flow[id=1].mapper.url",
          kind: "both changed",
          base: "http://crm.example.com/v1",
          live: "http://crm.example.com/api",
          edited: "http://other.example.com",
        },
      ],
      merged: { name: "x" },
    });
  });

  it("takes a base or a version of it", async () => {
    const { error } = await openMake(server);
    await error(
      "blueprints_merge",
      { ...scenario, edited: { flow: [{ id: 1 }] } },
      "VALIDATION_ERROR",
    );
  });
});

describe("blueprints_restore", () => {
  it("shows the changes, then saves and restores, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = { ...scenario, version: 11 };
    expect(await ask("blueprints_restore", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("blueprints_restore", { ...input, confirm: true })).toMatchSnapshot();
    expect(stub.world.blueprints["4001"]).toMatchObject({
      blueprint: { flow: [{ mapper: { url: "http://crm.example.com/v1" } }, { id: 2 }] },
    });
  });

  it("takes no version that Make has forgotten", async () => {
    const { error } = await openMake(server);
    await error("blueprints_restore", { ...scenario, version: 3, confirm: true }, "NOT_FOUND");
  });
});

it("blueprints_dependencies answers in whole", async () => {
  const { ask } = await openMake(server);
  expect(await ask("blueprints_dependencies", {})).toMatchSnapshot();
  expect(await ask("blueprints_dependencies", { teamId: 202 })).toMatchObject({
    data: {
      edges: [{ from: "scenario:4006" }, { from: "scenario:4009" }, { from: "scenario:4009" }],
    },
  });
});
