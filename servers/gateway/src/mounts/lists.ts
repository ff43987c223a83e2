import type { Instance } from "#shared/core/contract.ts";

/** The lists of an instance. */
export type Lists = Pick<Instance, "tools" | "resources" | "resourceTemplates" | "prompts">;

export function listsOf({ tools, resources, resourceTemplates, prompts }: Lists): Lists {
  return { tools, resources, resourceTemplates, prompts };
}
