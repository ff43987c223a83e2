import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { Row } from "#shared/make-api/endpoints.ts";
import * as field from "#shared/make-api/fields.ts";
import { listScenarios, listTeams, readBlueprints } from "#shared/make-api/scan.ts";
import { type MakeTool, toolsOf } from "#shared/make-api/tool.ts";
import { reviewConnections } from "../domain/access-connections.ts";
import { exposureOf } from "../domain/access-exposure.ts";
import { neededScopes, reviewToken } from "../domain/access-tokens.ts";
import { reviewUsers } from "../domain/access-users.ts";
import { otherUsesOf, readConnections, readTeamRoles } from "../domain/account.ts";
import { daysSince } from "../domain/period.ts";

const tool = toolsOf("zero-trust-auth");

const MAX_REVIEW_DAYS = 3650;
const MAX_DOMAINS = 50;
const days = (describe: string) => z.int().min(1).max(MAX_REVIEW_DAYS).describe(describe);
const onlyFindings = z.boolean().default(true).describe("Leave out what has no finding");

const reviewOfUsers = tool({
  name: "access_review_users",
  title: "Review users",
  description:
    "Users without 2FA, without a login for n days, outside the own domains, with an expired invitation, in no team or with many roles.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /users",
    "GET /users/me",
    "GET /users/roles",
    "GET /organizations/{organizationId}/user-organization-roles",
    "GET /teams",
    "GET /teams/{teamId}/user-team-roles",
  ],
  input: {
    organizationId: field.organizationId,
    domains: z
      .array(z.string().min(1).max(253))
      .max(MAX_DOMAINS)
      .default([])
      .describe("Own e-mail domains; none: that of the token's owner"),
    inactiveDays: days("Without a login").default(90),
    maxRoles: z.int().min(1).max(1000).default(5).describe("Roles that are not many yet"),
    onlyFindings,
  },
  output: {
    domains: z.array(z.string()).describe("Taken for own"),
    users: field.rows("User, 2FA, last login, roles, findings"),
    reviewed: z.int().min(0).describe("Users"),
  },
  async run({ domains, inactiveDays, maxRoles, onlyFindings, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const path = { organizationId };
    const users = await make.all("GET /users", { query: { organizationId } });
    const own = domains.length > 0 ? domains : [await ownDomain(make)];
    const organizationRoles = await make.get(
      "GET /organizations/{organizationId}/user-organization-roles",
      { path },
    );
    const teamRoles = await readTeamRoles(make, organizationId);
    const roles = await make.get("GET /users/roles");
    if (users.every(({ tfaStatus }) => tfaStatus == null))
      make.missing({ part: "2FA", reason: "plan", need: "a plan with 2FA enforcement" });
    const all = reviewUsers(
      {
        users,
        organizationRoles,
        teamRoles,
        roleNames: new Map(roles.map(({ id, name }) => [id, name])),
      },
      {
        domains: own.map((each) => each.toLowerCase()),
        inactiveDays,
        maxRoles,
        now: make.context.now(),
      },
    );
    return {
      domains: own,
      users: all.filter(({ findings }) => !onlyFindings || findings.length > 0),
      reviewed: all.length,
    };
  },
});

async function ownDomain(make: MakeCall): Promise<string> {
  const { email } = await make.get("GET /users/me");
  return email?.split("@").at(-1) ?? "";
}

const reviewOfTokens = (tools: () => readonly MakeTool[]) =>
  tool({
    name: "access_review_tokens",
    title: "Review tokens",
    description:
      "API tokens and OAuth grants of the token's owner (Make shows nobody else's): old, unused, with admin scopes; and the least scopes this server needs.",
    access: "read",
    sources: ["api", "computed"],
    calls: [
      "GET /users/me/api-tokens",
      "GET /users/me/oauth-connections",
      "GET /users/me/current-authorization",
    ],
    input: { maxAgeDays: days("From which a token is old").default(180) },
    output: {
      tokens: field.rows("Label, created, age, scopes, findings"),
      grants: field.rows("OAuth client, last used, scopes, findings").optional(),
      thisToken: field.row("Its scopes; those no tool here needs; those that are missing"),
    },
    async run({ maxAgeDays }, make) {
      const now = make.context.now();
      const tokens = await make.get("GET /users/me/api-tokens");
      const grants = await make.optional("OAuth grants", () =>
        make.get("GET /users/me/oauth-connections"),
      );
      const { scope } = await make.get("GET /users/me/current-authorization");
      const needed = neededScopes(tools());
      const wanted = [...needed.read, ...needed.write];
      return {
        tokens: tokens.map((token) => reviewToken(token, maxAgeDays, now)),
        ...(grants && { grants: grants.map((grant) => showGrant(grant, maxAgeDays, now)) }),
        thisToken: {
          scopes: scope,
          notNeeded: scope.filter((each) => !wanted.includes(each)),
          missingToRead: needed.read.filter((each) => !scope.includes(each)),
          missingToWrite: needed.write.filter((each) => !scope.includes(each)),
        },
      };
    },
  });

type Grant = Row<"GET /users/me/oauth-connections">;

function showGrant(grant: Grant, maxAgeDays: number, now: Date) {
  const lastUsed = grant.lastUsedAt ?? null;
  const unusedDays = daysSince(lastUsed, now);
  const isUnused = unusedDays === null || unusedDays > maxAgeDays;
  return {
    id: grant.id,
    client: grant.clientName ?? null,
    lastUsed,
    unusedDays,
    scopes: grant.scopes ?? [],
    findings: isUnused ? ["unused"] : [],
  };
}

const reviewOfConnections = tool({
  name: "access_review_connections",
  title: "Review connections",
  description:
    "Connections that are expired or expire soon, have wide OAuth scopes, an owner who left, no use, or use from another team's scenario.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /teams",
    "GET /connections",
    "GET /connections/{connectionId}",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /users",
    "GET /teams/{teamId}/user-team-roles",
    "GET /ai-agents/v1/agents",
    "GET /teams/{teamId}/llm-configuration",
  ],
  scan: true,
  input: {
    organizationId: field.organizationId,
    expiringDays: days("Left, from which it expires soon").default(30),
    onlyFindings,
    maxCalls: field.maxCalls,
  },
  output: {
    connections: field.rows("Connection, days left, wide scopes, users of it, findings"),
    reviewed: z.int().min(0).describe("Connections"),
  },
  async run({ expiringDays, onlyFindings, maxCalls, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const teamIds = (await listTeams(make, { organizationId })).map(({ id }) => id);
    const connections = await readConnections(make, teamIds);
    const scenarios = await readBlueprints(
      make,
      await listScenarios(make, { organizationId }),
      maxCalls,
    );
    const users = await make.optional("users", () =>
      make.all("GET /users", { query: { organizationId } }),
    );
    const teamRoles = await make.optional("roles", () => readTeamRoles(make, organizationId));
    const all = reviewConnections(
      {
        connections,
        scenarios,
        userIds: users && new Set(users.map(({ id }) => id)),
        teamRoles,
        otherUses: await otherUsesOf(make, teamIds),
      },
      { expiringDays, now: make.context.now() },
    );
    return {
      connections: all.filter(({ findings }) => !onlyFindings || findings.length > 0),
      reviewed: all.length,
    };
  },
});

const reviewOfExposure = tool({
  name: "access_review_exposure",
  title: "Review exposure",
  description:
    "What anyone on the internet reaches: publicly shared scenarios, webhooks whose scenario checks nothing first, hooks without a scenario.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /scenarios-shared",
    "GET /teams",
    "GET /hooks",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
  ],
  scan: true,
  input: { organizationId: field.organizationId, maxCalls: field.maxCalls },
  output: {
    shared: field.rows("Scenario and the address it is shared at").optional(),
    hooks: field.rows("Hook, scenario, findings").optional(),
  },
  async run({ maxCalls, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const shared = await make.optional("shared scenarios", () =>
      make.all("GET /scenarios-shared", { query: { organizationId } }),
    );
    const hooks = await make.optional("hooks", async () => {
      const teams = await listTeams(make, { organizationId });
      const lists = [];
      for (const { id: teamId } of teams)
        lists.push(...(await make.all("GET /hooks", { query: { teamId } })));
      return lists;
    });
    const used = new Set(hooks?.map(({ scenarioId }) => scenarioId));
    const scenarios = (await listScenarios(make, { organizationId })).filter(({ id }) =>
      used.has(id),
    );
    const blueprints = await readBlueprints(make, scenarios, maxCalls);
    return {
      ...(shared && {
        shared: shared.map(({ scenarioId, shareUrl, scenarioName, createdAt }) => ({
          scenarioId,
          name: scenarioName ?? null,
          shareUrl: shareUrl ?? null,
          createdAt: createdAt ?? null,
        })),
      }),
      ...(hooks && { hooks: exposureOf(hooks, blueprints) }),
    };
  },
});

const setTfa = tool({
  name: "access_set_tfa",
  title: "Enforce 2FA",
  description:
    "Turn the organisation's 2FA enforcement on or off. Make logs its users out; who has no 2FA must set it up.",
  access: "destroy",
  idempotent: true,
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}",
    "PATCH /organizations/{organizationId}/tfa-enforcement",
  ],
  input: { organizationId: field.organizationId, enable: z.boolean().describe("On or off") },
  output: {
    before: z.boolean().nullable().describe("Enforced before"),
    enforced: z.boolean().describe("Enforced now"),
  },
  async run({ enable, ...input }, make) {
    const path = { organizationId: await make.organizationId(input.organizationId) };
    const organization = await make.get("GET /organizations/{organizationId}", { path });
    const { tfaEnforced } = organization;
    const change = {
      before: typeof tfaEnforced === "boolean" ? tfaEnforced : null,
      enforced: enable,
    };
    make.confirmed({ ...change, logsOut: "all users of the organisation" });
    const body = { tfaEnforced: enable };
    await make.write("PATCH /organizations/{organizationId}/tfa-enforcement", { path, body });
    return change;
  },
});

/** `tools`: those whose scopes the token needs, which are only known when all are defined. */
export const zeroTrustAuth = (tools: () => readonly MakeTool[]): MakeTool[] => [
  reviewOfUsers,
  reviewOfTokens(tools),
  reviewOfConnections,
  reviewOfExposure,
  setTfa,
];
