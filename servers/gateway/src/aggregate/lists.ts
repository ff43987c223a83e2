import type { Instance } from "#shared/core/contract.ts";
import { healthResource } from "#shared/core/resources.ts";
import type { Catalogue } from "../mounts/catalogue.ts";
import type { Mount } from "../mounts/mount.ts";
import { joinName, joinUri } from "./names.ts";

type Lists = Pick<Instance, "tools" | "resources" | "resourceTemplates" | "prompts">;

const byName = <T extends { name: string }>(listings: readonly T[]): T[] =>
  [...listings].sort((a, b) => (a.name < b.name ? -1 : 1));

function makeLists(mounts: readonly Mount[]): Lists {
  return {
    tools: mounts.flatMap(({ name, catalogue }) =>
      byName(catalogue.tools).map((tool) => ({ ...tool, name: joinName(name, tool.name) })),
    ),
    prompts: mounts.flatMap(({ name, catalogue }) =>
      byName(catalogue.prompts).map((prompt) => ({ ...prompt, name: joinName(name, prompt.name) })),
    ),
    resources: [
      healthResource,
      ...mounts.flatMap(({ name, catalogue }) =>
        catalogue.resources.map((resource) => ({
          ...resource,
          name: joinName(name, resource.name),
          uri: joinUri(name, resource.uri),
        })),
      ),
    ],
    resourceTemplates: mounts.flatMap(({ name, catalogue }) =>
      catalogue.resourceTemplates.map((template) => ({
        ...template,
        name: joinName(name, template.name),
        uriTemplate: joinUri(name, template.uriTemplate),
      })),
    ),
  };
}

/** The lists of all servers, by server and then by name, so that they are the same each time; made anew when one changed. */
export function aggregateLists(mounts: readonly Mount[]): () => Lists {
  let made: Lists | undefined;
  let of: readonly Catalogue[] = [];
  return () => {
    const stale = !made || mounts.some(({ catalogue }, index) => catalogue !== of[index]);
    if (!made || stale) {
      made = makeLists(mounts);
      of = mounts.map(({ catalogue }) => catalogue);
    }
    return made;
  };
}
