import type { Instance } from "#shared/core/contract.ts";

/** The lists of an instance. */
export type Lists = Pick<Instance, "tools" | "resources" | "resourceTemplates" | "prompts">;

export function listsOf({ tools, resources, resourceTemplates, prompts }: Lists): Lists {
  return { tools, resources, resourceTemplates, prompts };
}

/** Gives an instance its lists, which may be others each time they are read. */
export function withLists(read: () => Lists, instance: Omit<Instance, keyof Lists>): Instance {
  const live: Lists = {
    get tools() {
      return read().tools;
    },
    get resources() {
      return read().resources;
    },
    get resourceTemplates() {
      return read().resourceTemplates;
    },
    get prompts() {
      return read().prompts;
    },
  };
  return Object.defineProperties(instance, Object.getOwnPropertyDescriptors(live)) as Instance;
}
