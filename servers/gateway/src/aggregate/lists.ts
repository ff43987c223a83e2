import { healthResource } from "#shared/core/resources.ts";
import type { Catalogue } from "../mounts/catalogue.ts";
import type { Lists } from "../mounts/lists.ts";
import type { MountView } from "../policy/mount-view.ts";
import { joinName, joinUri } from "./names.ts";

/** Whose a name or a URI is, and what it is there. */
export interface Owner {
  mount: MountView;
  name: string;
}

/** All lists joined, and whose each name is. */
export interface View {
  mounts: readonly MountView[];
  lists: Lists;
  tools: ReadonlyMap<string, Owner>;
  prompts: ReadonlyMap<string, Owner>;
  /** By their URIs. */
  resources: ReadonlyMap<string, Owner>;
}

const byName = <T extends { name: string }>(listings: readonly T[]): T[] =>
  [...listings].sort((a, b) => (a.name < b.name ? -1 : 1));

/** The first of a name is shown; a server without a prefix comes after those with one. */
function makeView(mounts: readonly MountView[]): View {
  const ordered = [
    ...mounts.filter(({ prefix }) => prefix !== ""),
    ...mounts.filter(({ prefix }) => prefix === ""),
  ];
  const tools = new Map<string, Owner>();
  const prompts = new Map<string, Owner>();
  const resources = new Map<string, Owner>();
  const once = <T>(key: string, known: { has(key: string): boolean }, add: () => T): T[] =>
    known.has(key) ? [] : [add()];
  const lists: Lists = {
    tools: ordered.flatMap((mount) =>
      byName(mount.catalogue.tools).flatMap((tool) => {
        const name = joinName(mount.prefix, tool.name);
        return once(name, tools, () => {
          tools.set(name, { mount, name: tool.name });
          return { ...tool, name };
        });
      }),
    ),
    prompts: ordered.flatMap((mount) =>
      byName(mount.catalogue.prompts).flatMap((prompt) => {
        const name = joinName(mount.prefix, prompt.name);
        return once(name, prompts, () => {
          prompts.set(name, { mount, name: prompt.name });
          return { ...prompt, name };
        });
      }),
    ),
    resources: [
      healthResource,
      ...ordered.flatMap((mount) =>
        mount.catalogue.resources.flatMap((resource) => {
          const uri = joinUri(mount.prefix, resource.uri);
          // that one is the gateway's own
          if (uri === healthResource.uri) return [];
          return once(uri, resources, () => {
            resources.set(uri, { mount, name: resource.uri });
            return { ...resource, name: joinName(mount.prefix, resource.name), uri };
          });
        }),
      ),
    ],
    resourceTemplates: ordered.flatMap(({ prefix, catalogue }) =>
      catalogue.resourceTemplates.map((template) => ({
        ...template,
        name: joinName(prefix, template.name),
        uriTemplate: joinUri(prefix, template.uriTemplate),
      })),
    ),
  };
  return { mounts: ordered, lists, tools, prompts, resources };
}

/** The view of all servers, by server and then by name, so that it is the same each time; made anew when one changed. */
export function aggregateView(all: () => readonly MountView[]): () => View {
  let made: View | undefined;
  let of: readonly (readonly [Catalogue, string])[] = [];
  return () => {
    const mounts = all();
    const stale =
      mounts.length !== of.length ||
      mounts.some(
        ({ catalogue, prefix }, index) => catalogue !== of[index]?.[0] || prefix !== of[index]?.[1],
      );
    if (!made || stale) {
      made = makeView(mounts);
      of = mounts.map(({ catalogue, prefix }) => [catalogue, prefix] as const);
    }
    return made;
  };
}
