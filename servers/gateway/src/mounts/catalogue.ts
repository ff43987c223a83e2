import * as z from "zod";
import type { Instance, ServerEvent, ServerFeatures, ServerModule } from "#shared/core/contract.ts";
import { type Lists, listsOf } from "./lists.ts";
import { MountError, oneLine } from "./mount-error.ts";

/** What a server shows, as plain JSON of our own: it stays when the server goes down. */
export interface Catalogue extends Lists {
  /** The server's own name, not that of the mount. */
  name: string;
  title: string;
  version: string;
  description: string;
  instructions: string;
  features: ServerFeatures;
}

/** Tools that one server may show. */
export const MAX_TOOLS = 1_000;
/** Names as MCP 2026-07-28 has them. */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;

const named = z.looseObject({ name: z.string().regex(NAME, "is no name of a tool or prompt") });
const schema = z.looseObject({ type: z.literal("object") });
const features = z.object({
  logging: z.boolean().default(false),
  completions: z.boolean().default(false),
  subscribe: z.boolean().default(false),
  listChanged: z.array(z.enum(["tools", "prompts", "resources"])).default([]),
});

/** Loose, because a later copy of the contract may say more; what one server shows must not break the list of all. */
const catalogue = z.object({
  name: z.string(),
  title: z.string(),
  version: z.string(),
  description: z.string().default(""),
  instructions: z.string().default(""),
  features: features.prefault({}),
  tools: z
    .array(z.looseObject({ ...named.shape, inputSchema: schema, outputSchema: schema.optional() }))
    .max(MAX_TOOLS),
  resources: z.array(z.looseObject({ uri: z.string(), name: z.string() })).default([]),
  resourceTemplates: z
    .array(z.looseObject({ uriTemplate: z.string(), name: z.string() }))
    .default([]),
  prompts: z.array(named).default([]),
});

/** Checks what a server, or its lock file, shows. Throws a MountError that names what is wrong. */
export function parseCatalogue(value: unknown, what: string): Catalogue {
  const parsed = catalogue.safeParse(value);
  if (!parsed.success)
    throw new MountError(`${what} is malformed: ${oneLine(z.prettifyError(parsed.error))}`);
  for (const kind of ["tools", "prompts"] as const) {
    const names = parsed.data[kind].map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
      throw new MountError(`${what} is malformed: two ${kind} are named ${twice}`);
  }
  // what was checked is shown as it came, with the order of its keys
  return { ...parsed.data, ...(value as Partial<Catalogue>) } as Catalogue;
}

/** What a running server shows. Only JSON is kept, so nothing of its lists can change, or throw, later. */
export function takeCatalogue(module: ServerModule, instance: Instance): Catalogue {
  const { name, title, version, description, instructions, features: stated } = module;
  const own = { name, title, version, description, instructions, features: stated };
  const json = JSON.stringify({ ...own, ...listsOf(instance) });
  return parseCatalogue(JSON.parse(json), "its list");
}

/** A server of which nothing is known yet. */
export const unknownCatalogue = (name: string): Catalogue => ({
  name,
  title: name,
  version: "0.0.0",
  description: "",
  instructions: "",
  features: { logging: false, completions: false, subscribe: false, listChanged: [] },
  tools: [],
  resources: [],
  resourceTemplates: [],
  prompts: [],
});

type ListEvent = Exclude<ServerEvent["kind"], "resource_updated">;

/** Which lists two catalogues differ in. */
export function changedLists(before: Catalogue, after: Catalogue): ListEvent[] {
  const differ = (...keys: (keyof Catalogue)[]) =>
    keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return [
    ...(differ("tools") ? ["tools_list_changed" as const] : []),
    ...(differ("prompts") ? ["prompts_list_changed" as const] : []),
    ...(differ("resources", "resourceTemplates") ? ["resources_list_changed" as const] : []),
  ];
}
