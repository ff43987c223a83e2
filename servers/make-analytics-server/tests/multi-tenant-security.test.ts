import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("tenants_list", () => {
  it("answers in whole, without what the plan does not have", async () => {
    const { ask } = await openMake(server);
    expect(await ask("tenants_list")).toMatchSnapshot();
  });

  it("lists private spaces and child organisations where they are", async () => {
    const { data } = await openMake(server, { plan: "Enterprise" });
    expect(await data("tenants_list")).toMatchObject({
      privateSpaces: [{ id: "ps-1" }],
      childOrganizations: [{ id: 151 }],
    });
  });
});

describe("tenants_isolation", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("tenants_isolation");
    expect(answer).toMatchObject({
      data: {
        users: [{ userId: 301, teamIds: [201, 202] }],
        borrowedConnections: [
          { id: 6002, teamId: 201, usedBy: [{ scenarioId: 4009, teamId: 202 }] },
        ],
        sharedAccounts: [],
        sharedDomains: [{ domain: "example.com", teamIds: [201, 202] }],
      },
    });
    expect(answer).toMatchSnapshot();
  });

  it("knows one outside account in two teams", async () => {
    const { data, stub } = await openMake(server);
    for (const each of stub.world.things.connections)
      if ([6003, 6005].includes(each.id)) Object.assign(each, { uid: "u1", accountName: "google" });
    expect(await data("tenants_isolation")).toMatchObject({
      sharedAccounts: [{ app: "google", account: "u1", connectionIds: [6005, 6003] }],
    });
  });
});

describe("tenants_consumption", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("tenants_consumption");
    expect(answer).toMatchObject({
      data: {
        teams: [
          { id: 201, credits: 13_830, sharePercent: 60 },
          { id: 202, sharePercent: 40 },
        ],
      },
    });
    expect(answer).toMatchSnapshot();
  });
});

describe("tenants_set_allocation", () => {
  const input = { childOrganizationId: 151, operations: 30_000 };

  it("shows first, then sets, and answers in whole", async () => {
    const { ask, stub } = await openMake(server, { plan: "Enterprise" });
    expect(await ask("tenants_set_allocation", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("tenants_set_allocation", { ...input, confirm: true })).toMatchSnapshot();
  });

  it("takes steps of 10,000 only, and a partner", async () => {
    const { ask, error } = await openMake(server);
    await error("tenants_set_allocation", { ...input, operations: 15_000 }, "VALIDATION_ERROR");
    expect(await ask("tenants_set_allocation", input)).toMatchObject({
      unavailable: { reason: "plan", need: "a partner contract" },
    });
  });
});
