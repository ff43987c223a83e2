import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { EndpointKey } from "#shared/make-api/endpoints.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { inventoryOf, readAi } from "../domain/ai-inventory.ts";
import { aiModulesOf } from "../domain/ai-modules.ts";
import { reviewAi } from "../domain/ai-review.ts";
import { spendOf } from "../domain/ai-spend.ts";

const tool = toolsOf("ai-governance-engine");

const MAX_MODELS = 200;

/** What the two reviews of what runs have in common. */
const looking = { access: "read", scan: true, sources: ["api", "computed"] } as const;
const calls: readonly EndpointKey[] = [
  "GET /teams",
  "GET /ai-agents/v1/agents",
  "GET /scenarios",
  "GET /scenarios/{scenarioId}/blueprint",
];

const aiInventory = tool({
  name: "ai_inventory",
  title: "AI in use",
  description:
    "Agents, AI modules in scenarios, providers, models and MCP connections by team, with the team's model settings.",
  ...looking,
  calls: [...calls, "GET /teams/{teamId}/llm-configuration"],
  input: { organizationId: field.organizationId, maxCalls: field.maxCalls },
  output: {
    teams: field.rows("Team: agents, modules, providers, models, mcpConnections, llmConfiguration"),
    totals: field.row("Agents, modules, scenarios with AI"),
  },
  async run({ organizationId, maxCalls }, make) {
    const id = await make.organizationId(organizationId);
    return await inventoryOf(make, await readAi(make, id, maxCalls));
  },
});

const aiReview = tool({
  name: "ai_review",
  title: "Review AI",
  description:
    "Rules over what runs: agents that write without approval, wide MCP tools, personal data sent to models, no token cap, high step limits, models outside allowedModels.",
  ...looking,
  calls,
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
    const id = await make.organizationId(organizationId);
    const { agents, scenarios } = await readAi(make, id, maxCalls);
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
  ...looking,
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
    credits: z.number().nullable().describe("Of all of them in the period; null: not counted"),
    sharePercent: z.number().nullable().describe("Of what the organisation used"),
  },
  async run({ organizationId, maxCalls }, make) {
    return await spendOf(make, await make.organizationId(organizationId), maxCalls);
  },
});

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
