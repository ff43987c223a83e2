import * as z from "zod";
import * as field from "#shared/make-api/fields.ts";
import { listTeams, type Team } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { planUsage } from "#shared/make-api/usage.ts";
import { guardPlan } from "../domain/budget-guard.ts";
import {
  budgetRule,
  budgetRules,
  checkRules,
  judgeRules,
  MAX_RULES,
} from "../domain/budget-rules.ts";
import { consumptions, usageOfTeam, warnOfRunningTotal } from "../domain/consumption.ts";
import { creditsOf } from "../domain/credits.ts";
import { projectUsage } from "../domain/projection.ts";
import { daysOf } from "../domain/usage-days.ts";

const tool = toolsOf("budget-control");

const MAX_OPERATIONS = 1_000_000_000;

const budgetStatus = tool({
  name: "budget_status",
  title: "Budget",
  description:
    "Credits used and left in the period, by team, and the scenarios that use most, against budget_rules.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /organizations/{organizationId}",
    "GET /teams",
    "GET /scenarios/consumptions",
    "GET /scenarios",
  ],
  input: {
    organizationId: field.organizationId,
    top: z.int().min(1).max(100).default(10).describe("Scenarios shown"),
  },
  output: {
    usage: field.row("Unit, used, limit, left, periodStart, periodEnd"),
    teams: field.rows("Team, credits used, its own limit of operations").optional(),
    scenarios: field.rows("Scenario, credits, operations; most first").optional(),
    rules: field.rows("Own rules: credits used of each, exceeded or not"),
  },
  async run(input, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const path = { organizationId };
    const organization = await make.get("GET /organizations/{organizationId}", { path });
    const usage = planUsage(organization);
    const teams = await make.optional("teams", () => listTeams(make, { organizationId }));
    const scenarios = await consumptions(make, organizationId);
    warnOfRunningTotal(make, usage);
    const { rules } = await budgetRules(make).read();
    return {
      usage: { ...usage },
      ...(teams && { teams: teams.map(showTeam) }),
      ...(scenarios && { scenarios: scenarios.slice(0, input.top) }),
      rules: judgeRules(rules, ({ scope, id }) => {
        if (scope === "organization") return id === organizationId ? usage.used : null;
        if (scope === "team")
          return creditsOf(teams?.find((team) => team.id === id)?.consumedCenticredits);
        return scenarios?.find(({ scenarioId }) => scenarioId === id)?.credits;
      }),
    };
  },
});

const showTeam = ({
  id,
  name,
  consumedCenticredits,
  consumedOperations,
  operationsLimit,
}: Team) => ({
  id,
  name,
  credits: creditsOf(consumedCenticredits),
  operations: consumedOperations ?? null,
  operationsLimit: operationsLimit ?? null,
});

const budgetProjection = tool({
  name: "budget_projection",
  title: "Projection",
  description:
    "Credits at the end of the period and when they run out: linear (used / elapsed x period) and by the mean of each weekday, with a 95 % range from the spread of the daily values.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /organizations/{organizationId}",
    "GET /organizations/{organizationId}/usage",
    "GET /teams",
    "GET /teams/{teamId}/usage",
  ],
  input: { organizationId: field.organizationId, teamId: field.onlyTeam },
  output: {
    usage: field.row("Unit, used, limit, left, periodStart, periodEnd"),
    linear: field.row("Projected, percent of the limit, low, high, days left, run-out").optional(),
    weekday: field.row("The same, day by day with the mean of its weekday").optional(),
  },
  async run({ teamId, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const path = { organizationId };
    const organization = await make.get("GET /organizations/{organizationId}", { path });
    const whole = planUsage(organization);
    const usage =
      teamId === undefined ? whole : await usageOfTeam(make, teamId, organizationId, whole);
    const rows =
      teamId === undefined
        ? await make.get("GET /organizations/{organizationId}/usage", { path })
        : await make.get("GET /teams/{teamId}/usage", { path: { teamId } });
    const projection = projectUsage(usage, daysOf(rows), make.context.now());
    if (!projection) make.warn("Make names no period for this organisation: nothing is projected.");
    return {
      usage: { ...usage },
      ...(projection && { linear: projection.linear }),
      ...(projection?.weekday && { weekday: projection.weekday }),
    };
  },
});

const budgetRulesTool = tool({
  name: "budget_rules",
  title: "Budget rules",
  description:
    "Read or store the most credits an organisation, team or scenario should use in a period. budget_status judges by them; Make does not know them.",
  access: "write",
  local: true,
  idempotent: true,
  sources: ["local"],
  calls: [],
  input: {
    rules: z.array(budgetRule).max(MAX_RULES).optional().describe("All rules; absent, only read"),
  },
  output: { rules: field.rows("Scope, id, maxCredits") },
  async run({ rules }, make) {
    const store = budgetRules(make);
    if (rules === undefined) return { rules: (await store.read()).rules };
    checkRules(rules);
    return await store.update(() => ({ value: { rules }, result: { rules } }));
  },
});

const setTeamLimit = tool({
  name: "budget_set_team_limit",
  title: "Limit a team",
  description: "Cap the operations of a team; Make stops its scenarios at the cap. null lifts it.",
  access: "destroy",
  idempotent: true,
  sources: ["api"],
  calls: ["GET /teams", "PATCH /teams/{teamId}"],
  input: {
    organizationId: field.organizationId,
    teamId: field.idOf("Team"),
    operationsLimit: z
      .int()
      .min(0)
      .max(MAX_OPERATIONS)
      .nullable()
      .describe("Operations of a period; null: no limit"),
  },
  output: {
    teamId: z.int().describe("Team"),
    before: z.number().nullable().describe("Limit before"),
    now: z.number().nullable().describe("Limit now"),
  },
  async run({ teamId, operationsLimit, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const [team] = await listTeams(make, { organizationId, teamId });
    const consumed = team?.consumedOperations ?? null;
    const change = { teamId, before: team?.operationsLimit ?? null, now: operationsLimit };
    if (operationsLimit !== null && consumed !== null && consumed >= operationsLimit)
      make.warn(`The team has used ${consumed} operations: its scenarios stop at once.`);
    make.confirmed({ ...change, consumedOperations: consumed });
    await make.write("PATCH /teams/{teamId}", { path: { teamId }, body: { operationsLimit } });
    return change;
  },
});

const budgetGuard = tool({
  name: "budget_guard",
  title: "Stay inside the budget",
  description:
    "Which active scenarios to stop so that the linear projection stays inside the plan, biggest use first; stops them with dryRun: false and confirm: true.",
  access: "destroy",
  sources: ["api", "computed"],
  calls: [
    "GET /organizations/{organizationId}",
    "GET /scenarios/consumptions",
    "GET /scenarios",
    "POST /scenarios/{scenarioId}/stop",
  ],
  input: {
    organizationId: field.organizationId,
    keep: z.array(field.idOf("Scenario")).max(MAX_RULES).default([]).describe("Never stop these"),
    dryRun: z.boolean().default(true).describe("Only show the plan"),
  },
  output: {
    excess: z.number().describe("Credits over the plan at the end of the period"),
    saved: z.number().describe("Credits that the stops save until then"),
    enough: z.boolean().describe("Whether that keeps it inside the plan"),
    stopped: field.rows("Scenario, credits saved"),
  },
  async run({ keep, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const path = { organizationId };
    const organization = await make.get("GET /organizations/{organizationId}", { path });
    const plan = await guardPlan(make, organizationId, planUsage(organization), keep);
    const { stops, ...figures } = plan;
    make.confirmed({ ...figures, wouldStop: stops });
    for (const { scenarioId } of stops)
      await make.write("POST /scenarios/{scenarioId}/stop", { path: { scenarioId } });
    return { ...figures, stopped: stops };
  },
});

export const budgetControl = [
  budgetStatus,
  budgetProjection,
  budgetRulesTool,
  setTeamLimit,
  budgetGuard,
];
