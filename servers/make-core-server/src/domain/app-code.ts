import { createHash } from "node:crypto";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { EndpointKey } from "#shared/make-api/endpoints.ts";

const MAX_NAME = 100;

export const appName = z
  .string()
  .regex(/^[a-z0-9][a-zA-Z0-9-]*$/, "letters, digits and hyphens")
  .max(MAX_NAME)
  .describe('Name of the app, such as "custom-app-7xpqrg"');
export const appVersion = z.int().min(1).max(1_000).default(1).describe("Version of the app");
export const partName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, "letters, digits and hyphens")
  .max(MAX_NAME)
  .describe("Name of the module, RPC, function, connection or webhook");

/**
 * The sections of each kind of component, as Make's editor extension has them. `common` is not among
 * them: it holds the secrets of the app.
 */
export const SECTIONS = {
  app: ["base", "groups", "install", "installSpec", "readme"],
  module: ["api", "epoch", "parameters", "expect", "interface", "samples", "scope"],
  rpc: ["api", "parameters"],
  function: ["code", "test"],
  connection: ["api", "parameters", "scope", "scopes", "install", "installSpec"],
  webhook: ["api", "parameters", "attach", "detach", "scope"],
} as const;

export type Component = keyof typeof SECTIONS;
export const COMPONENTS = Object.keys(SECTIONS) as [Component, ...Component[]];
export const ALL_SECTIONS = [...new Set(Object.values(SECTIONS).flat())] as [string, ...string[]];

/** Sections that are JavaScript or Markdown; the others are JSON with comments. */
export const PLAIN_SECTIONS: ReadonlySet<string> = new Set(["code", "test", "readme"]);

export interface Place {
  app: string;
  version: number;
  component: Component;
  name?: string | undefined;
  section: string;
}

const BASES = {
  app: "/sdk/apps/{appName}/{appVersion}/{section}",
  module: "/sdk/apps/{appName}/{appVersion}/modules/{partName}/{section}",
  rpc: "/sdk/apps/{appName}/{appVersion}/rpcs/{partName}/{section}",
  function: "/sdk/apps/{appName}/{appVersion}/functions/{partName}/{section}",
  connection: "/sdk/apps/connections/{partName}/{section}",
  webhook: "/sdk/apps/webhooks/{partName}/{section}",
} as const satisfies Record<Component, string>;

const keysOf = <M extends "GET" | "PUT">(method: M) =>
  COMPONENTS.map((component) => `${method} ${BASES[component]}` as const);
export const READS: readonly EndpointKey[] = keysOf("GET");
export const WRITES: readonly EndpointKey[] = keysOf("PUT");

/** The path of a section. Errors: VALIDATION_ERROR when the component has no such section, or needs a name. */
function pathOf({ app, version, component, name, section }: Place) {
  const known: readonly string[] = SECTIONS[component];
  if (!known.includes(section))
    throw new ToolError(
      "VALIDATION_ERROR",
      `A ${component} has no section "${section}", only ${known.join(", ")}.`,
    );
  if (component !== "app" && name === undefined)
    throw new ToolError("VALIDATION_ERROR", `Which ${component}? Give its name.`);
  return { appName: app, appVersion: version, partName: name ?? "-", section };
}

export async function readSection(make: MakeCall, place: Place): Promise<string> {
  return await make.get(`GET ${BASES[place.component]}`, { path: pathOf(place) });
}

export async function writeSection(make: MakeCall, place: Place, code: string): Promise<unknown> {
  const contentType = contentTypeOf(place.section);
  const options = { path: pathOf(place), body: code, contentType };
  return await make.write(`PUT ${BASES[place.component]}`, options);
}

/** As Make's own client sends it. */
function contentTypeOf(section: string): string {
  if (section === "readme") return "text/markdown";
  return PLAIN_SECTIONS.has(section) ? "application/javascript" : "application/jsonc";
}

/** SHA-256 of a text, to tell whether it is still the one that was read. */
export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** "modules/getInvoice/api.jsonc", as a file in a repository. */
export function fileOf({ component, name, section }: Omit<Place, "app" | "version">): string {
  const extension = section === "readme" ? "md" : PLAIN_SECTIONS.has(section) ? "js" : "jsonc";
  const folder = component === "app" ? "" : `${component}s/${name}/`;
  return `${folder}${section}.${extension}`;
}
