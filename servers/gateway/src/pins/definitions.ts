import type { ServerEvent, ToolListing } from "#shared/core/contract.ts";
import type { Catalogue } from "../mounts/catalogue.ts";

export const DEFINITION_KINDS = ["tool", "prompt", "resource", "template", "server"] as const;
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];

/** Something that a server says, and a model reads. */
export interface Definition {
  kind: DefinitionKind;
  /** Of a tool or prompt its name, of a resource its URI, of a template its own; of a server "instructions". */
  name: string;
  /** What of it is approved. */
  listing: { name: string; description?: string | undefined };
}

/** Where its pin is kept among those of its server. Names of tools have no space. */
export const keyOf = ({ kind, name }: Pick<Definition, "kind" | "name">): string =>
  kind === "tool" ? name : `${kind} ${name}`;

export const toolDefinition = (listing: ToolListing): Definition => ({
  kind: "tool",
  name: listing.name,
  listing,
});

/** All definitions of a server; of one with a lock file, which has been looked at as a whole, its tools. */
export function definitionsOf(catalogue: Catalogue, isLocked: boolean): Definition[] {
  const tools = catalogue.tools.map(toolDefinition);
  if (isLocked) return tools;
  return [
    ...tools,
    ...catalogue.prompts.map((listing) => define("prompt", listing.name, listing)),
    ...catalogue.resources.map((one) => define("resource", one.uri, lasting({ ...one }))),
    ...catalogue.resourceTemplates.map((one) =>
      define("template", one.uriTemplate, lasting({ ...one })),
    ),
    ...serverDefinition(catalogue),
  ];
}

const define = (
  kind: DefinitionKind,
  name: string,
  listing: Definition["listing"],
): Definition => ({
  kind,
  name,
  listing,
});

/** What of a resource is said of it: its size, say, changes with what is in it. */
const LASTING = ["uri", "uriTemplate", "name", "title", "description", "mimeType", "icons"];

const lasting = (one: Record<string, unknown>): Definition["listing"] =>
  Object.fromEntries(
    LASTING.flatMap((key) => (one[key] === undefined ? [] : [[key, one[key]]])),
  ) as unknown as Definition["listing"];

/** What a server says of itself; one that says nothing, or was never seen, has none. */
function serverDefinition({ name, title, description, instructions }: Catalogue): Definition[] {
  if (description === "" && instructions === "") return [];
  return [define("server", "instructions", { name, title, description, instructions } as never)];
}

/**
 * The catalogue without what is held back. `before` is what the server said of itself when that was
 * approved; without it it is called by the name that the operator gave it, and says nothing.
 */
export function withoutHeld(
  server: string,
  catalogue: Catalogue,
  isHeld: (kind: DefinitionKind, name: string) => boolean,
  before: unknown,
): Catalogue {
  const shown = {
    ...catalogue,
    tools: catalogue.tools.filter(({ name }) => !isHeld("tool", name)),
    prompts: catalogue.prompts.filter(({ name }) => !isHeld("prompt", name)),
    resources: catalogue.resources.filter(({ uri }) => !isHeld("resource", uri)),
    resourceTemplates: catalogue.resourceTemplates.filter(
      ({ uriTemplate }) => !isHeld("template", uriTemplate),
    ),
  };
  if (!isHeld("server", "instructions")) return shown;
  const nothing = { name: server, title: server, description: "", instructions: "" };
  return { ...shown, ...nothing, ...(before as Partial<Catalogue> | undefined) };
}

type ListEvent = Exclude<ServerEvent["kind"], "resource_updated">;

/** What clients are told when a definition is shown or held back; what a server says of itself is asked for anew each time. */
export const EVENT_OF: Record<DefinitionKind, ListEvent | undefined> = {
  tool: "tools_list_changed",
  prompt: "prompts_list_changed",
  resource: "resources_list_changed",
  template: "resources_list_changed",
  server: undefined,
};
