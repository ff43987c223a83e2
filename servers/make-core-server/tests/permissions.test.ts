import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("users_list", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("users_list", {})).toMatchSnapshot();
  });

  it.each([
    [{ tfaStatus: 0 }, [302, 303, 305]],
    [{ email: "EXAMPLE.NET" }, [303]],
    [{ name: "ee" }, [304]],
    [{ teamId: 202 }, [301, 304]],
  ])("filters by %j", async (input, ids) => {
    const { data } = await openMake(server);
    const { users } = await data("users_list", input);
    expect((users as { id: number }[]).map(({ id }) => id)).toEqual(ids);
  });

  it("shows users without the roles that the token may not read", async () => {
    const { ask } = await openMake(server, { scopes: ["user:read"], env: {} });
    const { data, partial } = await ask("users_list", {});
    expect(data).toMatchObject({
      total: 5,
      users: [{ id: 301, organizationRole: null, teams: [] }, {}, {}, {}, {}],
    });
    expect(partial).toEqual([
      { part: "roles in the organisation", reason: "scope", need: "organizations:read" },
      { part: "roles in teams", reason: "scope", need: "teams:read" },
    ]);
  });
});

it.each([
  ["roles_list", { category: "team" }],
  ["teams_list", {}],
])("%s answers in whole", async (tool, input) => {
  const { ask } = await openMake(server);
  expect(await ask(tool, input)).toMatchSnapshot();
});

it("teams_list asks for the columns that Make does not send by itself", async () => {
  const { data } = await openMake(server);
  const { teams } = await data("teams_list");
  expect(teams).toMatchObject([
    { id: 201, operationsLimit: 20_000, consumedCenticredits: 1_383_000 },
    { id: 202, operationsLimit: null, consumedCenticredits: 922_000 },
  ]);
});

it("users_invite answers in whole", async () => {
  const { ask } = await openMake(server);
  const input = { email: "fay@example.com", name: "Fay", usersRoleId: 102, teamsId: [201] };
  expect(await ask("users_invite", input)).toMatchSnapshot();
});

it("users_set_team_role sets at once, and removes only when confirmed", async () => {
  const { ask, stub } = await openMake(server);
  const place = { userId: 303, teamId: 201 };
  expect(await ask("users_set_team_role", { ...place, usersRoleId: 5 })).toMatchSnapshot();
  const out = { ...place, usersRoleId: null };
  expect(await ask("users_set_team_role", out)).toMatchSnapshot();
  expect(stub.writes).toHaveLength(1);
  expect(await ask("users_set_team_role", { ...out, confirm: true })).toMatchSnapshot();
});

it("users_set_org_role shows first, and answers in whole", async () => {
  const { ask, stub, error } = await openMake(server);
  const input = { userId: 303, usersRoleId: null };
  expect(await ask("users_set_org_role", input)).toMatchSnapshot();
  expect(stub.writes).toEqual([]);
  expect(await ask("users_set_org_role", { ...input, confirm: true })).toMatchSnapshot();
  await error("users_set_org_role", { userId: 999, usersRoleId: 102 }, "NOT_FOUND");
  await error(
    "users_set_org_role",
    { userId: 303, usersRoleId: 102, deleteConnections: true },
    "VALIDATION_ERROR",
  );
});

it("a member's token is told which role it takes", async () => {
  const { ask } = await openMake(server, { role: "member" });
  const input = { userId: 303, teamId: 201, usersRoleId: 5 };
  expect(await ask("users_set_team_role", input)).toMatchObject({
    unavailable: { reason: "role" },
  });
});
