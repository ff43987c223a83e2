import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import * as field from "#shared/make-api/fields.ts";
import { scan } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";

const tool = toolsOf("ai-agents");

const MAX_PROMPT = 50_000;
const MAX_SCENARIOS = 100;
const MAX_MESSAGES = 100;

const agentId = z.uuid().describe("Agent");
const systemPrompt = z.string().min(1).max(MAX_PROMPT).describe("What the agent is told");
const model = field.name("Model, of ai_llm_providers");
const scenarios = z
  .array(
    z.object({
      makeScenarioId: field.scenarioId,
      approvalMode: z
        .enum(["approval-required", "auto-run"])
        .default("approval-required")
        .describe("Whether a person approves each run"),
    }),
  )
  .max(MAX_SCENARIOS)
  .describe("Scenarios it may run as tools");

const aiAgentsList = tool({
  name: "ai_agents_list",
  title: "List AI agents",
  description: "AI agents of a team.",
  access: "read",
  sources: ["api"],
  calls: ["GET /ai-agents/v1/agents"],
  input: { teamId: field.teamId },
  output: { agents: field.rows("Agents"), total: z.int().min(0).describe("Agents") },
  async run({ teamId }, make) {
    const query = { teamId: make.teamId(teamId) };
    const agents = await make.all("GET /ai-agents/v1/agents", { query });
    return { agents, total: agents.length };
  },
});

const aiAgentsGet = tool({
  name: "ai_agents_get",
  title: "Get an AI agent",
  description: "An AI agent with its tools, model, contexts and past configurations.",
  access: "read",
  sources: ["api"],
  calls: ["GET /ai-agents/v1/agents/{agentId}", "GET /ai-agents/v1/contexts"],
  input: { teamId: field.teamId, agentId },
  output: { agent: field.row("The agent"), contexts: field.rows("Files it knows").optional() },
  async run({ agentId, ...input }, make) {
    const teamId = make.teamId(input.teamId);
    const options = { path: { agentId }, query: { teamId } };
    const agent = await make.get("GET /ai-agents/v1/agents/{agentId}", options);
    const contexts = await make.optional("contexts", () =>
      make.all("GET /ai-agents/v1/contexts", { query: { agentId, teamId } }),
    );
    return { agent, ...(contexts && { contexts }) };
  },
});

const aiAgentsCreate = tool({
  name: "ai_agents_create",
  title: "Create an AI agent",
  description: "Create an AI agent on a connection to a provider of models.",
  access: "write",
  sources: ["api"],
  calls: ["POST /ai-agents/v1/agents"],
  input: {
    teamId: field.teamId,
    name: field.name("Name"),
    makeConnectionId: field.idOf("Connection to the provider of the model"),
    defaultModel: model,
    systemPrompt,
    scenarios: scenarios.default([]),
  },
  output: { agent: field.row("What was made") },
  async run({ teamId, ...body }, make) {
    const query = { teamId: make.teamId(teamId) };
    return {
      agent: await make.write("POST /ai-agents/v1/agents", { query, body: { ...query, ...body } }),
    };
  },
});

const aiAgentsUpdate = tool({
  name: "ai_agents_update",
  title: "Change an AI agent",
  description:
    "Change the prompt, model, tools or limits of an AI agent; what is given is replaced.",
  access: "destroy",
  sources: ["api"],
  calls: ["GET /ai-agents/v1/agents/{agentId}", "PATCH /ai-agents/v1/agents/{agentId}"],
  idempotent: true,
  input: {
    teamId: field.teamId,
    agentId,
    name: field.name("Name").optional(),
    defaultModel: model.optional(),
    systemPrompt: systemPrompt.optional(),
    scenarios: scenarios.optional(),
    llmConfig: field.anyObject('Limits of the model, such as {"maxTokens":4096}').optional(),
    invocationConfig: field.anyObject('Limits of a run, such as {"recursionLimit":300}').optional(),
  },
  output: { agent: field.row("As it is now"), before: field.row("What was replaced") },
  async run({ teamId, agentId, ...wanted }, make) {
    const patch = Object.fromEntries(
      Object.entries(wanted).filter(([key, value]) => value !== undefined && key !== "confirm"),
    );
    if (Object.keys(patch).length === 0)
      throw new ToolError("VALIDATION_ERROR", "Nothing to change was given.");
    const options = { path: { agentId }, query: { teamId: make.teamId(teamId) } };
    const agent: Record<string, unknown> = await make.get(
      "GET /ai-agents/v1/agents/{agentId}",
      options,
    );
    const before = Object.fromEntries(Object.keys(patch).map((key) => [key, agent[key] ?? null]));
    make.confirmed({ agent: agent.name, from: before, to: patch });
    const changed = await make.write("PATCH /ai-agents/v1/agents/{agentId}", {
      ...options,
      body: patch,
    });
    return { agent: changed, before };
  },
});

const aiAgentsRun = tool({
  name: "ai_agents_run",
  title: "Run an AI agent",
  description: "One run of an AI agent with messages. It may run scenarios, and uses credits.",
  access: "destroy",
  sources: ["api"],
  calls: ["GET /ai-agents/v1/agents/{agentId}", "POST /ai-agents/v1/agents/{agentId}/run"],
  outside: true,
  input: {
    teamId: field.teamId,
    agentId,
    messages: z
      .array(
        z.object({
          role: z.enum(["user", "assistant"]).describe("Who said it"),
          content: z.string().min(1).max(MAX_PROMPT).describe("What"),
        }),
      )
      .min(1)
      .max(MAX_MESSAGES)
      .describe("The conversation"),
    threadId: z.string().max(200).optional().describe("Goes on with an earlier run"),
  },
  output: { result: field.row("response, executionSteps, tokenUsageSummary") },
  async run({ teamId, agentId, messages, threadId }, make) {
    const options = { path: { agentId }, query: { teamId: make.teamId(teamId) } };
    const { name, scenarios } = await make.get("GET /ai-agents/v1/agents/{agentId}", options);
    make.confirmed({ wouldRun: name, mayRunScenarios: scenarios ?? [], messages: messages.length });
    const body = { messages, ...(threadId && { threadId }) };
    const key = "POST /ai-agents/v1/agents/{agentId}/run";
    return { result: await make.write(key, { ...options, body }) };
  },
});

const aiLlmProviders = tool({
  name: "ai_llm_providers",
  title: "Providers of models",
  description: "Providers that the team has connections to, with their models.",
  access: "read",
  sources: ["api"],
  calls: ["GET /ai-agents/v1/llm-providers", "GET /ai-agents/v1/llm-providers/{providerId}/models"],
  scan: true,
  input: { teamId: field.teamId, maxCalls: field.maxCalls },
  output: { providers: field.rows("With their models") },
  async run({ teamId, maxCalls }, make) {
    const query = { teamId: make.teamId(teamId) };
    const providers = await make.all("GET /ai-agents/v1/llm-providers", { query });
    const withModels = async (provider: (typeof providers)[number]) => {
      const path = { providerId: provider.id };
      const key = "GET /ai-agents/v1/llm-providers/{providerId}/models";
      return { ...provider, models: await make.all(key, { path, query }) };
    };
    return { providers: await scan(make, providers, withModels, { what: "models", maxCalls }) };
  },
});

export const aiAgents = [
  aiAgentsList,
  aiAgentsGet,
  aiAgentsCreate,
  aiAgentsUpdate,
  aiAgentsRun,
  aiLlmProviders,
];
