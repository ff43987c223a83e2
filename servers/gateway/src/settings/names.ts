import { basename } from "node:path";

/** What a server may be called here: it is a part of the path, and of the names of its tools. */
export const SERVER_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** Paths that are the gateway's own, now or later. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ".well-known",
  "admin",
  "dashboard",
  "docs",
  "health",
  "load",
  "mcp",
  "metrics",
  "openapi.json",
  "p",
  "ready",
  "redoc",
  "status",
]);

/** `greet-server` is reached as `greet`. */
export const shortName = (folder: string): string => basename(folder).replace(/-server$/, "");

/** `GitHub Issues` and `brave_search`, as clients' files have them, become a part of a path. */
export const pathName = (key: string): string =>
  key
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/** Why a server cannot have this name; undefined when it can. */
export function nameFault(name: string): string | undefined {
  if (RESERVED_NAMES.has(name)) return `"${name}" is a path of the gateway itself`;
  if (SERVER_NAME.test(name)) return undefined;
  return `"${name}" is no name for a server: 1 to 32 lower-case letters, digits and hyphens, no hyphen first`;
}
