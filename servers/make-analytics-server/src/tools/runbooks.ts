import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { isShown, resolveToolsets } from "#shared/core/selection.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { toolsetsOf } from "#shared/make-api/category.ts";
import * as field from "#shared/make-api/fields.ts";
import { recordChange } from "#shared/make-api/journal.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import { type MakeTool, toolsOf } from "#shared/make-api/tool.ts";
import { categories } from "../categories.ts";
import {
  findTool,
  MAX_RUNBOOKS,
  paramsOf,
  prepareSteps,
  type ReadyStep,
  runbookId,
  runbookStore,
  stepsInput,
} from "../domain/runbooks.ts";

const tool = toolsOf("procedures");

const proceduresList = tool({
  name: "procedures_list",
  title: "List runbooks",
  description: "Runbooks that are stored: ordered calls of tools of this server.",
  access: "read",
  sources: ["local"],
  calls: [],
  input: {},
  output: { runbooks: field.rows("id, updatedAt, params, steps: tool, args, when") },
  async run(_, make) {
    const { runbooks } = await runbookStore(make).read();
    return { runbooks: runbooks.map((each) => ({ ...each, params: paramsOf(each.steps) })) };
  },
});

/** The tools that a runbook may call: those that the caller sees, without these. */
function allowed(make: MakeCall, tools: readonly MakeTool[]): Map<string, MakeTool> {
  const { config } = make.context;
  const toolsets = resolveToolsets(config.TOOLSETS, toolsetsOf(categories));
  const isOn = (feature: string) => config[feature as keyof typeof config] === true;
  const switches = { readOnly: config.READ_ONLY, isOn };
  const shown = tools.filter(
    (each) => !each.name.startsWith("procedures_") && isShown(each, toolsets, switches),
  );
  return new Map(shown.map((each) => [each.name, each]));
}

const proceduresPut = (tools: () => readonly MakeTool[]) =>
  tool({
    name: "procedures_put",
    title: "Store a runbook",
    description:
      "Store a runbook, or replace the one of the same id. A step that destroys needs confirm: true in its args.",
    access: "write",
    local: true,
    idempotent: true,
    sources: ["local"],
    calls: [],
    input: { id: runbookId, steps: stepsInput },
    output: {
      id: z.string().describe("Runbook"),
      created: z.boolean().describe("false: replaced"),
      params: z.array(z.string()).describe("That procedures_run must get"),
    },
    async run({ id, steps }, make) {
      const known = allowed(make, tools());
      for (const each of steps) findTool(known, each.tool);
      const updatedAt = make.context.now().toISOString();
      return await runbookStore(make).update(({ runbooks }) => {
        const others = runbooks.filter((each) => each.id !== id);
        if (others.length >= MAX_RUNBOOKS)
          throw new ToolError("CONFLICT", `${MAX_RUNBOOKS} runbooks are kept: replace one.`);
        const created = others.length === runbooks.length;
        const value = { runbooks: [...others, { id, steps, updatedAt }] };
        return { value, result: { id, created, params: paramsOf(steps) } };
      });
    },
  });

const show = ({ tool: { name, make }, args, skipped }: ReadyStep) => ({
  tool: name,
  access: make.access,
  args,
  skipped,
});

/** Runs one step; a preview or a refusal did not do what the runbook wants, so it counts as a failure. */
async function runStep({ tool: { name, handler }, input, skipped }: ReadyStep, make: MakeCall) {
  if (skipped) return { tool: name, outcome: "skipped" };
  try {
    const answer: unknown = await handler(input, make.context);
    const isDone = isObject(answer) && "data" in answer;
    return { tool: name, outcome: isDone ? "done" : "failed", answer };
  } catch (error) {
    make.context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { tool: name, outcome: "failed", error: reason };
  }
}

const proceduresRun = (tools: () => readonly MakeTool[]) =>
  tool({
    name: "procedures_run",
    title: "Run a runbook",
    description:
      "Run the steps of a runbook in order, up to the first that fails; the run stands in the journal. Shows the steps with their inputs unless dryRun is false and confirm true.",
    access: "destroy",
    outside: true,
    sources: ["local"],
    calls: [],
    scan: true,
    input: {
      id: runbookId,
      params: field.anyObject("Values for {{params.name}}").default({}),
      dryRun: z.boolean().default(true).describe("Only show what would be done"),
    },
    output: {
      completed: z.boolean().describe("Whether no step failed"),
      steps: field.rows("tool, outcome: done, skipped or failed, answer or error"),
      notRun: z.array(z.string()).describe("Tools of the steps after the failure"),
    },
    async run({ id, params }, make) {
      const folder = make.context.require("MAKE_STATE_DIR");
      const { runbooks } = await runbookStore(make).read();
      const runbook = runbooks.find((each) => each.id === id);
      if (!runbook) throw new ToolError("NOT_FOUND", `There is no runbook ${id}.`);
      const ready = prepareSteps(runbook.steps, params, allowed(make, tools()));
      make.confirmed({ id, wouldRun: ready.map(show) });
      const at = make.context.now().toISOString();
      const endpoint = "runbook";
      await recordChange(folder, { at, tool: "procedures_run", endpoint, target: { id } });
      const steps = [];
      for (const [index, each] of ready.entries()) {
        make.context.progress(index, ready.length, each.tool.name);
        const step = await runStep(each, make);
        steps.push(step);
        if (step.outcome === "failed") break;
      }
      const notRun = ready.slice(steps.length).map((each) => each.tool.name);
      return { completed: steps.at(-1)?.outcome !== "failed", steps, notRun };
    },
  });

/** `tools` is asked when a tool is called: the list holds these too. */
export const runbooks = (tools: () => readonly MakeTool[]): MakeTool[] => [
  proceduresList,
  proceduresPut(tools),
  proceduresRun(tools),
];
