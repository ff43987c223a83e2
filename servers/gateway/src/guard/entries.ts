import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../settings/folders.ts";

/** What the gateway starts besides itself, each a file of dist. */
export type Entry = "guard" | "host-process" | "host-worker";

/** The built file, also when the gateway itself runs from source. */
export const entryFile = (entry: Entry): string =>
  join(packageFolder(fileURLToPath(import.meta.url)), "dist", `${entry}.js`);
