import * as z from "zod";
import * as field from "#shared/make-api/fields.ts";
import { listScenarios, listTeams, readBlueprints } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { reviewConnections } from "../domain/access-connections.ts";
import { exposureOf } from "../domain/access-exposure.ts";
import { onlyFindings, reviewDays } from "../domain/access-input.ts";
import {
  otherUsesOf,
  readAllBlueprints,
  readConnections,
  readTeamRoles,
} from "../domain/account.ts";

const tool = toolsOf("zero-trust-auth");

export const reviewOfConnections = tool({
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
    expiringDays: reviewDays("Left, from which it expires soon").default(30),
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
    const scenarios = await readAllBlueprints(make, organizationId, maxCalls);
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

export const reviewOfExposure = tool({
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
