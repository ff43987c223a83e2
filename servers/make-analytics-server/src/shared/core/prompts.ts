// Copied from shared/core/prompts.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type * as z from "zod";
import type { Instance } from "./contract.ts";
import { type Completer, DEFAULT_DEADLINE_MS, type ServerDefinition } from "./definition.ts";
import { inputError } from "./result.ts";
import { invalidParams, type Runtime, runHandler } from "./runtime.ts";

/** Values that one completion may propose: the protocol's own limit. */
export const MAX_COMPLETIONS = 100;

type Handlers = Pick<Instance, "get" | "complete">;

export function promptHandlers(
  { prompts = [], resources = [] }: ServerDefinition,
  runtime: Runtime,
): Handlers {
  const byName = new Map(prompts.map((prompt) => [prompt.name, prompt]));

  function completerOf(reference: Parameters<Instance["complete"]>[0]): {
    found: boolean;
    complete: Completer | undefined;
  } {
    if (reference.type === "ref/prompt") {
      const prompt = byName.get(reference.name);
      return { found: prompt !== undefined, complete: prompt?.complete };
    }
    const template = resources.find(
      (resource) => "uriTemplate" in resource && resource.uriTemplate === reference.uri,
    );
    return {
      found: template !== undefined,
      complete: template && "complete" in template ? template.complete : undefined,
    };
  }

  return {
    get: async (name, input, context) => {
      const prompt = byName.get(name);
      if (!prompt) return invalidParams(`Prompt ${JSON.stringify(name)} not found`);
      return runHandler(runtime, context, {
        label: `prompts/get ${name}`,
        subject: ["prompt", name, input],
        deadlineMs: DEFAULT_DEADLINE_MS,
        run: (handlerContext) => {
          const parsed: z.ZodSafeParseResult<unknown> = prompt.arguments.safeParse(input ?? {});
          if (!parsed.success) throw inputError(name, parsed.error);
          return prompt.get(parsed.data, handlerContext);
        },
      });
    },
    complete: async (reference, argument, context) => {
      const { found, complete } = completerOf(reference);
      if (!found)
        return invalidParams("There is nothing to complete by that reference", { reference });
      const outcome = await runHandler(runtime, context, {
        label: "completion/complete",
        subject: ["completion"],
        deadlineMs: DEFAULT_DEADLINE_MS,
        run: async (handlerContext) =>
          (await complete?.(argument.name, argument.value, handlerContext)) ?? [],
      });
      if (outcome.error) return { error: outcome.error };
      const values = Array.isArray(outcome.result) ? outcome.result : [];
      return {
        result: {
          completion: {
            values: values.slice(0, MAX_COMPLETIONS),
            total: values.length,
            hasMore: values.length > MAX_COMPLETIONS,
          },
        },
      };
    },
  };
}
