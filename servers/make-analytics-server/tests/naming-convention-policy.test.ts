import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("naming_check", () => {
  it("answers in whole, with the four planted names", async () => {
    const { ask, data } = await openMake(server);
    expect(await ask("naming_check")).toMatchSnapshot();
    const { violations } = await data("naming_check", { kinds: ["scenario"] });
    expect((violations as { id: number }[]).map(({ id }) => id)).toEqual([4003, 4004, 4008, 4011]);
  });

  it("takes rules of the call, and names a bad one", async () => {
    const { data, error } = await openMake(server);
    const rules = [{ kind: "hook", pattern: "[A-Z].*[a-z]" }];
    expect(await data("naming_check", { rules })).toMatchObject({ checked: 4, violations: [] });
    const bad = [{ kind: "hook", pattern: "(?<=a)b" }];
    await error("naming_check", { rules: bad }, "VALIDATION_ERROR");
    await error("naming_check", { rules: [...rules, ...rules] }, "VALIDATION_ERROR");
  });
});

describe("naming_propose", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("naming_propose")).toMatchSnapshot();
  });

  it("proposes no name twice", async () => {
    const { data, stub } = await openMake(server);
    for (const { id } of stub.world.things.scenarios)
      if (id === 4003 || id === 4004)
        Object.assign(stub.world.things.scenarios.find((each) => each.id === id) ?? {}, {
          name: "leads score",
        });
    const { items } = await data("naming_propose", { kinds: ["scenario"], teamId: 201 });
    expect(items).toMatchObject([{ to: "MKT | Leads | Score 2" }, { to: "MKT | Leads | Score 3" }]);
  });
});

describe("naming_apply", () => {
  const items = [
    { kind: "scenario", id: 4008, from: "fin_reporting_weekly", to: "FIN | Reporting | Weekly" },
    { kind: "folder", id: 501, from: "MKT Lead handling", to: "MKT Leads" },
    { kind: "connection", id: 6005, from: "Called otherwise", to: "x" },
  ];

  it("shows first, renames then, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    expect(await ask("naming_apply", { items })).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("naming_apply", { items, dryRun: false })).toMatchSnapshot();
    expect(stub.writes.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      { method: "PATCH", path: "/scenarios/4008", body: { name: "FIN | Reporting | Weekly" } },
      { method: "PATCH", path: "/scenarios-folders/501", body: { name: "MKT Leads" } },
    ]);
  });

  it.each([
    ["hook", 7003, "Orphan", "/hooks/7003"],
    ["key", 8001, "Partner API", "/keys/8001"],
    ["team", 201, "Marketing", "/teams/201"],
    ["connection", 6004, "Slack", "/connections/6004"],
  ])("renames a %s", async (kind, id, from, path) => {
    const { data, stub } = await openMake(server);
    await data("naming_apply", { items: [{ kind, id, from, to: "New" }], dryRun: false });
    expect(stub.writes).toMatchObject([{ path, body: { name: "New" } }]);
  });
});

describe("naming_rules", () => {
  it("keeps rules that naming_check takes, and answers in whole", async () => {
    const { ask, data } = await openMake(server);
    expect(await ask("naming_rules")).toMatchSnapshot();
    const rules = [{ kind: "team", pattern: "Finance" }];
    expect(await data("naming_rules", { rules })).toEqual({ rules });
    expect(await data("naming_check")).toMatchObject({ violations: [{ kind: "team", id: 201 }] });
  });
});
