import { isBuiltin } from "node:module";
import { asObject, type JsonObject } from "../copy/json.ts";
import { packagesIn } from "./copy-code.ts";
import type { ForeignServer } from "./source.ts";
import { describedBy } from "./write-files.ts";

const MAX_DESCRIPTION = 100;

/** Those that come with the modules of shared code, in the version that they need. */
const GIVEN = ["@modelcontextprotocol/sdk", "@modelcontextprotocol/server", "zod"];

/** The package.json of the new server with what its code needs, and what of that is left open. */
export function importedManifest(
  own: JsonObject,
  foreign: ForeignServer,
  example: string | undefined,
) {
  const ranges: JsonObject = {};
  for (const group of ["peerDependencies", "devDependencies", "dependencies"])
    Object.assign(ranges, asObject(foreign.manifest[group] ?? {}, group));
  const open: string[] = [];
  const packages: Record<string, string> = {};
  for (const name of packagesIn(foreign)) {
    const range = ranges[name];
    if (GIVEN.includes(name) || isBuiltin(name)) continue;
    if (typeof range !== "string") open.push(`${name}: its package.json does not name it`);
    else if (/[:/]/.test(range) && !range.startsWith("npm:"))
      open.push(`${name}: "${range}" is not from the registry`);
    else packages[name] = range;
  }
  const zod = String(ranges.zod ?? "");
  if (/^\D*3\./.test(zod)) open.push(`zod: it was written for "${zod}" and runs on 4 here`);
  const { description, license } = foreign.manifest;
  const flotilla = asObject(own.flotilla, "flotilla");
  // the model's own: what the imported code can do without is not known
  delete flotilla.example;
  delete flotilla.targets;
  const manifest = {
    ...own,
    description: describedBy({ ...foreign.manifest, description }).slice(0, MAX_DESCRIPTION),
    ...(typeof license === "string" && { license }),
    devDependencies: { ...asObject(own.devDependencies ?? {}, "devDependencies"), ...packages },
    flotilla: { ...flotilla, ...(example !== undefined && { example: JSON.parse(example) }) },
  };
  return { manifest, open };
}
