import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { shippedFiles } from "../git-files.ts";

const LENGTH = 12;

/** What is not built into a server: texts, tests, and files that follow from where it goes. */
const APART =
  /^(tests|deploy|\.railway)\/|\.md$|^(server|manifest|shared\.lock)\.json$|^\.env\.example$/;

/** Twelve digits that change when what the server is built from does. */
export function contentHash(folder: string): string {
  const hash = createHash("sha256");
  for (const path of shippedFiles(folder)) {
    if (APART.test(path)) continue;
    const file = join(folder, path);
    const text = lstatSync(file).isSymbolicLink() ? readlinkSync(file) : readFileSync(file);
    hash.update(`${path}\0${text.length}\0`).update(text);
  }
  return hash.digest("hex").slice(0, LENGTH);
}

/** The same for what runs at a place: the server, and all that is said of it there. */
export function placeHash(server: string, files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256").update(server);
  for (const [path, text] of Object.entries(files)) hash.update(`\0${path}\0${text}`);
  return hash.digest("hex").slice(0, LENGTH);
}
