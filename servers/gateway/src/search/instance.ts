import * as z from "zod";
import type { CallToolResult, Instance, Outcome, ToolListing } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { inputError, toErrorResult } from "#shared/core/result.ts";
import { createRanking } from "./ranking.ts";
import { DEFAULT_FOUND, MAX_FOUND, MAX_QUERY_LENGTH, SEARCH_TOOLS } from "./tools.ts";

const searchInput = z.strictObject({
  query: z.string().min(1).max(MAX_QUERY_LENGTH),
  limit: z.int().min(1).max(MAX_FOUND).default(DEFAULT_FOUND),
});
const describeInput = z.strictObject({ name: z.string() });
const callInput = z.strictObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

/**
 * An instance that shows three tools in place of its own, for fleets with more tools than a model
 * should read. What it finds, describes and calls is what `base` shows, and nothing else; a tool whose
 * name is known can be called directly as well.
 */
export function searchInstance(base: Instance): Instance {
  let rank: ReturnType<typeof createRanking> | undefined;
  let of: Instance["tools"] | undefined;
  const ranking = () => {
    const { tools } = base;
    if (!rank || tools !== of) rank = createRanking(tools);
    of = tools;
    return rank;
  };
  const find = (name: string): ToolListing | undefined =>
    base.tools.find((tool) => tool.name === name);

  const call: Instance["call"] = async (tool, input, context) => {
    switch (tool) {
      case "search_tools":
        return answer(searchInput, tool, input, ({ query, limit }) => ({
          tools: ranking()(query, limit).map(({ name, description, annotations }) => ({
            name,
            description,
            annotations,
          })),
        }));
      case "describe_tool":
        return answer(describeInput, tool, input, ({ name }) => {
          const found = find(name);
          if (!found) throw unknownTool(name);
          return { ...found };
        });
      case "call_tool": {
        const parsed = callInput.safeParse(input ?? {});
        if (!parsed.success) return failed(inputError(tool, parsed.error));
        const { name, arguments: given } = parsed.data;
        const outcome = await base.call(name, given, context);
        const found = find(name);
        if (!found && outcome.error?.code === INVALID_PARAMS) return failed(unknownTool(name));
        return withSchema(outcome, found);
      }
      default:
        return base.call(tool, input, context);
    }
  };
  // a spread would read the lists once and for all
  return Object.create(base, {
    tools: { value: SEARCH_TOOLS, enumerable: true },
    call: { value: call, enumerable: true },
  }) as Instance;
}

const INVALID_PARAMS = -32602;

const unknownTool = (name: string) =>
  new ToolError("NOT_FOUND", `There is no tool ${JSON.stringify(name)}. Find one by search_tools.`);

const failed = (error: ToolError): Outcome<CallToolResult> => ({
  result: toErrorResult(error, new Date()),
});

function answer<S extends z.ZodObject>(
  schema: S,
  tool: string,
  input: unknown,
  make: (input: z.output<S>) => object,
): Outcome<CallToolResult> {
  const parsed = schema.safeParse(input ?? {});
  if (!parsed.success) return failed(inputError(tool, parsed.error));
  try {
    return { result: { content: [{ type: "text", text: JSON.stringify(make(parsed.data)) }] } };
  } catch (error) {
    if (error instanceof ToolError) return failed(error);
    throw error;
  }
}

/** Whoever gave wrong arguments gets the schema with the answer, and need not ask for it. */
function withSchema<T extends object>(outcome: Outcome<T>, tool: ToolListing | undefined) {
  const { content, isError } = (outcome.result ?? {}) as Partial<CallToolResult>;
  if (!tool || !content || isError !== true) return outcome;
  const isInput = content.some(
    (block) => block.type === "text" && block.text.includes("VALIDATION_ERROR"),
  );
  if (!isInput) return outcome;
  const text = `The arguments of ${tool.name}: ${JSON.stringify(tool.inputSchema)}`;
  return { result: { ...outcome.result, content: [...content, { type: "text" as const, text }] } };
}
