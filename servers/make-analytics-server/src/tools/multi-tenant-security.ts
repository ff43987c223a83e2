import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { listTeams } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { readAllBlueprints, readConnections, readTeamRoles } from "../domain/account.ts";
import {
  borrowedConnections,
  sharedAccounts,
  sharedDomains,
  usersInSeveralTeams,
} from "../domain/isolation.ts";

const tool = toolsOf("multi-tenant-security");

const CENTI = 100;
/** Make gives child organisations operations in these steps. */
export const ALLOCATION_STEP = 10_000;
const MAX_ALLOCATION = 1_000_000_000;

const tenantsList = tool({
  name: "tenants_list",
  title: "List tenants",
  description:
    "What separates data at Make: organisations of the token, teams, private spaces (Enterprise) and child organisations (partners).",
  access: "read",
  sources: ["api"],
  calls: [
    "GET /organizations",
    "GET /teams",
    "GET /private-spaces",
    "GET /organizations/{organizationId}/managed-organizations",
  ],
  input: { organizationId: field.organizationId },
  output: {
    organizations: field.rows("Organisations the token sees"),
    teams: field.rows("Teams").optional(),
    privateSpaces: field.rows("Private spaces").optional(),
    childOrganizations: field.rows("Child organisations").optional(),
  },
  async run(input, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const path = { organizationId };
    const organizations = await make.all("GET /organizations");
    const teams = await make.optional("teams", () => listTeams(make, { organizationId }));
    const spaces = await make.optional("private spaces", () =>
      make.get("GET /private-spaces", { query: { organizationId } }),
    );
    const children = await make.optional("child organisations", () =>
      make.all("GET /organizations/{organizationId}/managed-organizations", { path }),
    );
    return {
      organizations: organizations.map(({ id, name }) => ({ id, name: name ?? null })),
      ...(teams && { teams: teams.map(({ id, name }) => ({ id, name })) }),
      ...(spaces && { privateSpaces: spaces }),
      ...(children && { childOrganizations: children }),
    };
  },
});

const tenantsIsolation = tool({
  name: "tenants_isolation",
  title: "Review isolation",
  description:
    "What crosses the borders of teams: users in several, connections used by another team's scenario, one outside account connected in several, one domain called from several.",
  access: "read",
  scan: true,
  sources: ["api", "computed"],
  calls: [
    "GET /teams",
    "GET /teams/{teamId}/user-team-roles",
    "GET /users",
    "GET /connections",
    "GET /connections/{connectionId}",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
  ],
  input: { organizationId: field.organizationId, maxCalls: field.maxCalls },
  output: {
    users: field.rows("Users in several teams").optional(),
    borrowedConnections: field.rows("Connections that a scenario of another team uses").optional(),
    sharedAccounts: field.rows("Outside accounts connected in several teams").optional(),
    sharedDomains: field.rows("Domains called from several teams, with the hosts"),
  },
  async run({ maxCalls, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const teamIds = (await listTeams(make, { organizationId })).map(({ id }) => id);
    const roles = await make.optional("roles", () => readTeamRoles(make, organizationId));
    const users = await make.optional("names of users", () =>
      make.all("GET /users", { query: { organizationId } }),
    );
    const connections = await make.optional("connections", () => readConnections(make, teamIds));
    const scenarios = await readAllBlueprints(make, organizationId, maxCalls);
    const names = new Map(users?.map(({ id, name }) => [id, name ?? null]));
    return {
      ...(roles && { users: usersInSeveralTeams(roles, names) }),
      ...(connections && {
        borrowedConnections: borrowedConnections(connections, scenarios),
        sharedAccounts: sharedAccounts(connections),
      }),
      sharedDomains: sharedDomains(scenarios),
    };
  },
});

const tenantsConsumption = tool({
  name: "tenants_consumption",
  title: "Consumption of tenants",
  description: "Share of the used credits by team, and use of child organisations (partners).",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /teams", "GET /organizations/{organizationId}/managed-organizations-consumption"],
  input: { organizationId: field.organizationId },
  output: {
    teams: field.rows("Team, credits, operations, share in percent, limit"),
    childOrganizations: field.rows("As Make tells").optional(),
  },
  async run(input, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const path = { organizationId };
    const teams = await listTeams(make, { organizationId });
    const children = await make.optional("child organisations", () =>
      make.get("GET /organizations/{organizationId}/managed-organizations-consumption", { path }),
    );
    return {
      teams: sharesOf(teams),
      ...(children && { childOrganizations: children }),
    };
  },
});

function sharesOf(teams: Awaited<ReturnType<typeof listTeams>>) {
  // credits of some teams and operations of others do not add up
  const inCredits = teams.every(({ consumedCenticredits }) => consumedCenticredits != null);
  const used = (team: (typeof teams)[number]) =>
    inCredits ? (team.consumedCenticredits ?? 0) / CENTI : (team.consumedOperations ?? 0);
  const total = teams.reduce((sum, team) => sum + used(team), 0);
  return teams
    .map((team) => ({
      id: team.id,
      name: team.name,
      credits: inCredits ? used(team) : null,
      operations: team.consumedOperations ?? null,
      sharePercent: total > 0 ? Math.round((used(team) / total) * 1000) / 10 : null,
      operationsLimit: team.operationsLimit ?? null,
    }))
    .sort((a, b) => (b.sharePercent ?? 0) - (a.sharePercent ?? 0) || a.id - b.id);
}

const setAllocation = tool({
  name: "tenants_set_allocation",
  title: "Allocate operations",
  description:
    "Give a child organisation a number of the parent's operations (partners only; steps of 10,000).",
  access: "destroy",
  idempotent: true,
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}/managed-organizations",
    "PATCH /organizations/{organizationId}/managed-organizations/{childOrganizationId}",
  ],
  input: {
    organizationId: field.organizationId,
    childOrganizationId: field.idOf("Child organisation"),
    operations: z
      .int()
      .min(0)
      .max(MAX_ALLOCATION)
      .multipleOf(ALLOCATION_STEP)
      .describe("Operations of a period, in steps of 10000"),
  },
  output: { result: field.row("As Make answers") },
  async run({ childOrganizationId, operations, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const before = await childOf(make, organizationId, childOrganizationId);
    make.confirmed({ childOrganizationId, before: before?.operations ?? null, now: operations });
    const key = "PATCH /organizations/{organizationId}/managed-organizations/{childOrganizationId}";
    const path = { organizationId, childOrganizationId };
    return { result: await make.write(key, { path, body: { operations } }) };
  },
});

async function childOf(make: MakeCall, organizationId: number, childId: number) {
  const key = "GET /organizations/{organizationId}/managed-organizations";
  const children = await make.all(key, { path: { organizationId } });
  return children.find(({ id }) => id === childId);
}

export const multiTenantSecurity = [
  tenantsList,
  tenantsIsolation,
  tenantsConsumption,
  setAllocation,
];
