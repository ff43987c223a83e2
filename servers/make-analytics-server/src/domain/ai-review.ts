import { modulesOf, textsIn } from "#shared/make-api/blueprint.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";
import type { Agent } from "./account.ts";
import { aiModulesOf, type WithModule } from "./ai-modules.ts";

/** Tools of one MCP server that an agent may use, past which they are many. */
export const MAX_MCP_TOOLS = 20;
/** Steps of an agent in one run, past which a loop costs much. */
export const MAX_RECURSION = 100;

export interface AiFinding extends Record<string, unknown> {
  rule: string;
  severity: "high" | "medium" | "low";
  where: string;
  evidence: string;
}

interface Known {
  agents: readonly Agent[];
  scenarios: readonly WithBlueprint[];
  /** Models that may be used; undefined judges none. */
  allowedModels: ReadonlySet<string> | undefined;
}

/** Modules that change something outside: their names begin with what they do. */
const WRITES = /:(add|create|update|upsert|delete|remove|send|post|upload|insert|write|action)/i;
/** Fields that tell of a person, in an expression. */
const PERSONAL =
  /\{\{[^}]*\b(e-?mail|phone|mobile|first_?name|last_?name|full_?name|address|birth|iban|ssn|passport)[^}]*\}\}/i;
const TOKEN_CAP = /^(max_?(completion_?|output_?)?tokens|maxTokens|maxOutputTokens)$/i;

export function reviewAi({ agents, scenarios, allowedModels }: Known): AiFinding[] {
  const modules = aiModulesOf(scenarios);
  return [
    ...agents.flatMap((agent) => reviewAgent(agent, scenarios)),
    ...modules.flatMap(reviewModule),
    ...unknownModels(agents, modules, allowedModels),
  ].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

const SEVERITIES = ["high", "medium", "low"];

function reviewAgent(agent: Agent, scenarios: readonly WithBlueprint[]): AiFinding[] {
  const where = `agent ${agent.name}`;
  const found: AiFinding[] = [];
  for (const { makeScenarioId, approvalMode } of agent.scenarios ?? []) {
    if (approvalMode !== "auto-run") continue;
    const tool = scenarios.find(({ scenario }) => scenario.id === makeScenarioId);
    const writing = modulesOf(tool?.answer.blueprint).filter(({ module }) => WRITES.test(module));
    if (writing.length > 0)
      found.push({
        rule: "auto-run-writes",
        severity: "high",
        where,
        evidence: `runs scenario ${makeScenarioId} without approval, and it writes: ${writing.map(({ module }) => module).join(", ")}`,
      });
    else
      found.push({
        rule: "no-approval",
        severity: "low",
        where,
        evidence: `runs scenario ${makeScenarioId} without approval`,
      });
  }
  for (const { name, toolIds } of agent.mcpConfigs ?? []) {
    const count = Array.isArray(toolIds) ? toolIds.length : 0;
    if (count === 0 || count > MAX_MCP_TOOLS)
      found.push({
        rule: "wide-mcp-tools",
        severity: "medium",
        where,
        evidence: `MCP server ${name}: ${count === 0 ? "all of its tools" : `${count} tools`}`,
      });
  }
  const contexts = Array.isArray(agent.contexts) ? agent.contexts.length : 0;
  if (contexts > 0)
    found.push({
      rule: "files-in-context",
      severity: "low",
      where,
      evidence: `${contexts} files in its context: check them for personal data`,
    });
  return [...found, ...reviewLimits(agent, where)];
}

function reviewLimits(agent: Agent, where: string): AiFinding[] {
  const recursionLimit = agent.invocationConfig?.recursionLimit ?? 0;
  return [
    ...(agent.llmConfig?.maxTokens != null
      ? []
      : [{ rule: "no-token-cap", severity: "medium" as const, where, evidence: "no maxTokens" }]),
    ...(recursionLimit > MAX_RECURSION
      ? [
          {
            rule: "high-recursion-limit",
            severity: "low" as const,
            where,
            evidence: `up to ${recursionLimit} steps a run`,
          },
        ]
      : []),
  ];
}

function reviewModule({ found, module }: WithModule): AiFinding[] {
  const where = `scenario ${found.scenarioId} module ${found.moduleId}`;
  const texts = [...textsIn(module.mapper), ...textsIn(module.parameters)];
  const personal = texts.find(({ text }) => PERSONAL.test(text));
  const keys = JSON.stringify([module.mapper, module.parameters]).match(/"(\w+)":/g) ?? [];
  const hasCap = keys.some((key) => TOKEN_CAP.test(key.slice(1, -2)));
  return [
    ...(personal
      ? [
          {
            rule: "personal-data-to-model",
            severity: "high" as const,
            where,
            evidence: `${personal.place} sends ${PERSONAL.exec(personal.text)?.[0]} to ${found.provider}`,
          },
        ]
      : []),
    ...(hasCap
      ? []
      : [
          {
            rule: "no-token-cap",
            severity: "medium" as const,
            where,
            evidence: `${found.module} has no token limit`,
          },
        ]),
  ];
}

function unknownModels(
  agents: readonly Agent[],
  modules: readonly WithModule[],
  allowed: ReadonlySet<string> | undefined,
): AiFinding[] {
  if (allowed === undefined) return [];
  const used = [
    ...agents.map((agent) => ({ where: `agent ${agent.name}`, model: agent.defaultModel })),
    ...modules.map(({ found }) => ({
      where: `scenario ${found.scenarioId} module ${found.moduleId}`,
      model: found.model,
    })),
  ];
  return used.flatMap(({ where, model }) =>
    typeof model !== "string" || allowed.has(model)
      ? []
      : [{ rule: "unknown-model", severity: "medium" as const, where, evidence: model }],
  );
}
