// Copied from shared/core/built-entry.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The built file of a further entry (`flotilla.entries` in package.json), for a process or thread of
 * its own: beside the bundle, or above its parts. Undefined when the server runs from source.
 * `from` is the `import.meta.url` of the caller.
 */
export function builtEntry(name: string, from: string): string | undefined {
  return [`./${name}.js`, `../${name}.js`]
    .map((path) => fileURLToPath(new URL(path, from)))
    .find((path) => existsSync(path));
}
