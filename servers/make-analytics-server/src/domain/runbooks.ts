import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { anyObject } from "#shared/make-api/fields.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import type { MakeTool } from "#shared/make-api/tool.ts";
import { openStore } from "./store.ts";

export const MAX_RUNBOOKS = 100;
export const MAX_STEPS = 50;
const MAX_WORD = 120;

export const runbookId = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[\w.-]+$/)
  .describe("Of the runbook");

const when = z.object({
  param: z.string().min(1).max(MAX_WORD).describe("Of procedures_run"),
  equals: z.string().max(MAX_WORD).describe("As text; else the step is left out"),
});

const step = z.object({
  tool: z.string().min(1).max(MAX_WORD).describe("Of this server"),
  args: anyObject('Its input; "{{params.name}}" stands for a parameter').default({}),
  when: when.optional().describe("Only then"),
});
export type Step = z.output<typeof step>;

export const stepsInput = z.array(step).min(1).max(MAX_STEPS).describe("In this order");

const runbook = z.object({ id: runbookId, steps: z.array(step), updatedAt: z.string() });
const file = z.object({ runbooks: z.array(runbook).max(MAX_RUNBOOKS) });

export const runbookStore = (make: MakeCall) =>
  openStore(make, "runbooks.json", file, { runbooks: [] });

const PARAM = /^\{\{params\.([\w-]+)\}\}$/;

/** The names of the parameters that steps take, in order. */
export function paramsOf(steps: readonly Step[]): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    const name = typeof value === "string" ? PARAM.exec(value)?.[1] : undefined;
    if (name) found.add(name);
    if (Array.isArray(value) || isObject(value)) Object.values(value).forEach(visit);
  };
  for (const { args, when } of steps) {
    visit(args);
    if (when) found.add(when.param);
  }
  return [...found].sort();
}

/** A step that can run: its input is what its tool takes. */
export interface ReadyStep {
  tool: MakeTool;
  args: Record<string, unknown>;
  /** Parsed, with defaults. */
  input: unknown;
  skipped: boolean;
}

/** The steps with parameters put in. Errors: VALIDATION_ERROR for the first that its tool would refuse. */
export function prepareSteps(
  steps: readonly Step[],
  params: Record<string, unknown>,
  tools: ReadonlyMap<string, MakeTool>,
): ReadyStep[] {
  const lacking = paramsOf(steps).filter((name) => !Object.hasOwn(params, name));
  if (lacking.length > 0)
    throw new ToolError("VALIDATION_ERROR", `params lacks ${lacking.join(", ")}.`);
  return steps.map(({ tool: name, args, when }, index) => {
    const tool = findTool(tools, name);
    const filled = fill(args, params) as Record<string, unknown>;
    const skipped = when !== undefined && String(params[when.param]) !== when.equals;
    const parsed = tool.inputSchema.safeParse(filled);
    if (!parsed.success && !skipped)
      throw new ToolError(
        "VALIDATION_ERROR",
        `Step ${index + 1}: ${name} does not take these args: ${z.prettifyError(parsed.error)}`,
      );
    return { tool, args: filled, input: parsed.data, skipped };
  });
}

/** Errors: VALIDATION_ERROR for a tool that is not one of these. */
export function findTool(tools: ReadonlyMap<string, MakeTool>, name: string): MakeTool {
  const tool = tools.get(name);
  if (tool) return tool;
  throw new ToolError(
    "VALIDATION_ERROR",
    `${name} cannot be a step: it is no tool of this server that is switched on, or runs runbooks itself.`,
  );
}

function fill(value: unknown, params: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((each) => fill(each, params));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, fill(each, params)]),
    );
  const name = typeof value === "string" ? PARAM.exec(value)?.[1] : undefined;
  return name === undefined ? value : params[name];
}
