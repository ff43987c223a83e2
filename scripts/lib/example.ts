import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "./unknown.ts";

export interface Example {
  tool: string;
  input: Record<string, unknown>;
}

/** The call that a server declares safe, in the `flotilla.example` of its package.json. */
export function declaredExample(folder: string): Example | undefined {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const example =
    isRecord(manifest) && isRecord(manifest.flotilla) ? manifest.flotilla.example : undefined;
  if (!isRecord(example) || typeof example.tool !== "string" || !isRecord(example.input))
    return undefined;
  return { tool: example.tool, input: example.input };
}
