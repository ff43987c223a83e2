import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { listTeams, type Team } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { planUsage } from "#shared/make-api/usage.ts";
import { objectsIn, readAgents } from "../domain/account.ts";
import { aiModulesOf } from "../domain/ai-modules.ts";
import { reviewAi } from "../domain/ai-review.ts";
import { readAllBlueprints } from "../domain/certificates.ts";
import { MS_A_DAY } from "../domain/period.ts";
import { totalOf } from "../domain/trend.ts";
import { dateOf, daysOf } from "../domain/usage-days.ts";

const tool = toolsOf("ai-governance-engine");

const CENTI = 100;
const TREND_DAYS = 7;
const MAX_MODELS = 200;

async function readAll(make: MakeCall, given: number | undefined, maxCalls: number | undefined) {
  const organizationId = await make.organizationId(given);
  const teams = await listTeams(make, { organizationId });
  const agents = await make.optional("agents", () =>
    readAgents(
      make,
      teams.map(({ id }) => id),
    ),
  );
  const scenarios = await readAllBlueprints(make, organizationId, maxCalls);
  return { organizationId, teams, agents: agents ?? [], scenarios };
}

type Everything = Awaited<ReturnType<typeof readAll>>;

const aiInventory = tool({
  name: "ai_inventory",
  title: "AI in use",
  description:
    "Agents, AI modules in scenarios, providers, models and MCP connections by team, with the team's model settings.",
  access: "read",
  scan: true,
  sources: ["api", "computed"],
  calls: [
    "GET /teams",
    "GET /ai-agents/v1/agents",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /teams/{teamId}/llm-configuration",
  ],
  input: { organizationId: field.organizationId, maxCalls: field.maxCalls },
  output: {
    teams: field.rows("Team: agents, modules, providers, models, mcpConnections, llmConfiguration"),
    totals: field.row("Agents, modules, scenarios with AI"),
  },
  async run({ organizationId, maxCalls }, make) {
    const all = await readAll(make, organizationId, maxCalls);
    const modules = aiModulesOf(all.scenarios).map(({ found }) => found);
    const teams = [];
    for (const team of all.teams) teams.push(await inventoryOf(make, team, all));
    return {
      teams,
      totals: {
        agents: all.agents.length,
        modules: modules.length,
        scenarios: new Set(modules.map(({ scenarioId }) => scenarioId)).size,
      },
    };
  },
});

async function inventoryOf(make: MakeCall, { id: teamId, name }: Team, all: Everything) {
  const agents = all.agents.filter((agent) => agent.teamId === teamId);
  const modules = aiModulesOf(all.scenarios)
    .map(({ found }) => found)
    .filter((each) => each.teamId === teamId);
  const settings = await make.optional(`models of team ${teamId}`, () =>
    make.get("GET /teams/{teamId}/llm-configuration", { path: { teamId } }),
  );
  const models = [
    ...agents.map(({ defaultModel }) => defaultModel),
    ...modules.map(({ model }) => model),
    settings?.aiMappingModelName,
    settings?.aiToolkitModelName,
  ].filter((model) => typeof model === "string");
  return {
    teamId,
    name,
    agents: agents.map(({ id, name, defaultModel, scenarios }) => ({
      id,
      name,
      model: defaultModel ?? null,
      scenarioIds: objectsIn(scenarios).map(({ makeScenarioId }) => makeScenarioId),
    })),
    modules,
    providers: [...new Set(modules.map(({ provider }) => provider))].sort(),
    models: [...new Set(models)].sort(),
    mcpConnections: agents.flatMap(({ mcpConfigs }) =>
      objectsIn(mcpConfigs).map(({ name, mcpConnectionId, toolIds }) => ({
        name: name ?? null,
        connectionId: mcpConnectionId ?? null,
        tools: toolIds ?? null,
      })),
    ),
    llmConfiguration: settings ?? null,
  };
}

const aiReview = tool({
  name: "ai_review",
  title: "Review AI",
  description:
    "Rules over what runs: agents that write without approval, wide MCP tools, personal data sent to models, no token cap, high step limits, models outside allowedModels.",
  access: "read",
  scan: true,
  sources: ["api", "computed"],
  calls: [
    "GET /teams",
    "GET /ai-agents/v1/agents",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
  ],
  input: {
    organizationId: field.organizationId,
    allowedModels: z
      .array(z.string().min(1).max(200))
      .max(MAX_MODELS)
      .optional()
      .describe("Models that may be used; absent, models are not judged"),
    maxCalls: field.maxCalls,
  },
  output: {
    findings: field.rows("Rule, severity, where, evidence; worst first"),
    reviewed: field.row("Agents and AI modules"),
  },
  async run({ organizationId, allowedModels, maxCalls }, make) {
    const { agents, scenarios } = await readAll(make, organizationId, maxCalls);
    return {
      findings: reviewAi({
        agents,
        scenarios,
        allowedModels: allowedModels && new Set(allowedModels),
      }),
      reviewed: { agents: agents.length, modules: aiModulesOf(scenarios).length },
    };
  },
});

const aiSpend = tool({
  name: "ai_spend",
  title: "Credits of AI",
  description:
    "Credits of the scenarios that hold AI modules in the plan's period, their share, and the last 7 days against the 7 before. Credits are of whole scenarios: Make gives none by module.",
  access: "read",
  scan: true,
  sources: ["api", "computed"],
  calls: [
    "GET /organizations/{organizationId}",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /scenarios/consumptions",
    "GET /scenarios/{scenarioId}/usage",
  ],
  input: { organizationId: field.organizationId, maxCalls: field.maxCalls },
  output: {
    scenarios: field.rows("Scenario, credits, last 7 days, 7 days before; most first"),
    credits: z.number().min(0).describe("Of all of them in the period"),
    sharePercent: z.number().nullable().describe("Of what the organisation used"),
  },
  async run({ maxCalls, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const path = { organizationId };
    const { used } = planUsage(await make.get("GET /organizations/{organizationId}", { path }));
    const blueprints = await readAllBlueprints(make, organizationId, maxCalls);
    const rows = await make.get("GET /scenarios/consumptions", { query: { organizationId } });
    const ids = new Set(aiModulesOf(blueprints).map(({ found }) => found.scenarioId));
    const spent = [];
    for (const { scenario } of blueprints.filter((each) => ids.has(each.scenario.id))) {
      const row = rows.find(({ scenarioId }) => scenarioId === scenario.id);
      const credits = (row?.centicredits ?? 0) / CENTI;
      spent.push({
        id: scenario.id,
        name: scenario.name,
        credits,
        ...(await trendOfWeek(make, scenario.id)),
      });
    }
    const credits = spent.reduce((sum, each) => sum + each.credits, 0);
    return {
      scenarios: spent.sort((a, b) => b.credits - a.credits || a.id - b.id),
      credits,
      sharePercent: used > 0 ? Math.round((credits / used) * 10_000) / 100 : null,
    };
  },
});

async function trendOfWeek(make: MakeCall, scenarioId: number) {
  const rows = await make.optional(`usage of scenario ${scenarioId}`, () =>
    make.get("GET /scenarios/{scenarioId}/usage", { path: { scenarioId } }),
  );
  const days = daysOf(rows ?? []);
  const at = (daysAgo: number) => dateOf(make.context.now().getTime() - daysAgo * MS_A_DAY);
  return {
    last7Days: totalOf(days, at(TREND_DAYS), at(0))?.credits ?? null,
    before7Days: totalOf(days, at(2 * TREND_DAYS), at(TREND_DAYS))?.credits ?? null,
  };
}

const featureControls = tool({
  name: "ai_feature_controls",
  title: "AI feature switches",
  description: "The organisation's switches for AI features, such as agents and AI tools.",
  access: "read",
  sources: ["api"],
  calls: ["GET /organizations/{organizationId}/feature-controls"],
  input: { organizationId: field.organizationId },
  output: { features: field.rows("Id, name, enabled") },
  async run(input, make) {
    const organizationId = await make.organizationId(input.organizationId);
    return { features: await readControls(make, organizationId) };
  },
});

async function readControls(make: MakeCall, organizationId: number) {
  const path = { organizationId };
  const key = "GET /organizations/{organizationId}/feature-controls";
  const { featureControls } = await make.get(key, { path });
  return featureControls.map(({ id, name, enabled }) => ({
    id,
    name: name ?? null,
    enabled: enabled === true,
  }));
}

const featureControlSet = tool({
  name: "ai_feature_control_set",
  title: "Switch an AI feature",
  description: "Switch one AI feature of the organisation on or off, for all of its users.",
  access: "destroy",
  idempotent: true,
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}/feature-controls",
    "PATCH /organizations/{organizationId}/feature-controls",
  ],
  input: {
    organizationId: field.organizationId,
    id: field.idOf("Feature, from ai_feature_controls"),
    enabled: z.boolean().describe("On or off"),
  },
  output: {
    id: z.int().describe("Feature"),
    before: z.boolean().describe("Before"),
    enabled: z.boolean().describe("Now"),
  },
  async run({ id, enabled, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const known = (await readControls(make, organizationId)).find((each) => each.id === id);
    if (!known)
      throw new ToolError(
        "NOT_FOUND",
        `There is no feature ${id}: ai_feature_controls lists them.`,
      );
    make.confirmed({ id, name: known.name, before: known.enabled, enabled });
    const path = { organizationId };
    const key = "PATCH /organizations/{organizationId}/feature-controls";
    await make.write(key, { path, body: { id, enabled } });
    return { id, before: known.enabled, enabled };
  },
});

const llmSettings = z
  .object({
    aiMappingAccountId: z.int().nullable().optional().describe("Connection for AI mapping"),
    aiMappingModelName: z.string().max(200).nullable().optional().describe("Its model"),
    aiMappingBuiltinTier: z.string().max(50).nullable().optional().describe("Make's own tier"),
    aiToolkitAccountId: z.int().nullable().optional().describe("Connection for the AI toolkit"),
    aiToolkitModelName: z.string().max(200).nullable().optional().describe("Its model"),
    aiToolkitBuiltinTier: z.string().max(50).nullable().optional().describe("Make's own tier"),
  })
  .optional()
  .describe("Settings to change; absent, only read");

const llmConfig = tool({
  name: "ai_llm_config",
  title: "Models of a team",
  description: "Read or set which models a team uses for AI mapping and the AI toolkit.",
  access: "write",
  idempotent: true,
  sources: ["api"],
  calls: ["GET /teams/{teamId}/llm-configuration", "PATCH /teams/{teamId}/llm-configuration"],
  input: { teamId: field.teamId, set: llmSettings },
  output: { before: field.row("Settings before").optional(), settings: field.row("Settings now") },
  async run({ set, ...input }, make) {
    const path = { teamId: make.teamId(input.teamId) };
    const before = await make.get("GET /teams/{teamId}/llm-configuration", { path });
    if (set === undefined || Object.keys(set).length === 0) return { settings: before };
    await make.write("PATCH /teams/{teamId}/llm-configuration", { path, body: set });
    return { before, settings: { ...before, ...set } };
  },
});

export const aiGovernanceEngine = [
  aiInventory,
  aiReview,
  aiSpend,
  featureControls,
  featureControlSet,
  llmConfig,
];
