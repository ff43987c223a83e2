import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SharedError } from "../copy/errors.ts";
import { messageOf } from "../unknown.ts";
import { renderBundleManifest } from "./bundle-manifest.ts";
import { renderConfigTable } from "./config-table.ts";
import { renderDockerfile, renderDockerignore } from "./dockerfile.ts";
import { renderEnvExample } from "./env-example.ts";
import type { ServerFacts } from "./facts.ts";
import { fillRegions } from "./regions.ts";
import { renderServerJson } from "./server-json.ts";
import { renderServersTable } from "./servers-table.ts";
import { checkToolNames } from "./tool-names.ts";
import { renderToolsLock } from "./tools-lock.ts";
import { renderToolsTable } from "./tools-table.ts";

export interface Output {
  /** Absolute path. */
  file: string;
  text: string;
}

const README = "README.md";

/** What is wholly generated for a server; of its README only regions are. */
export const GENERATED = [
  "tools.lock.json",
  ".env.example",
  "server.json",
  "manifest.json",
  "Dockerfile",
  ".dockerignore",
] as const;

/** Everything that is written for one server. Nothing is, unless all of it keeps the rules. */
export function serverOutputs(folder: string, facts: ServerFacts): Output[] {
  checkToolNames(facts);
  const regions = { tools: renderToolsTable(facts), config: renderConfigTable(facts) };
  const texts: Record<(typeof GENERATED)[number] | typeof README, string> = {
    "tools.lock.json": renderToolsLock(facts),
    [README]: fillFile(folder, regions),
    ".env.example": renderEnvExample(facts),
    "server.json": renderServerJson(facts),
    "manifest.json": renderBundleManifest(facts),
    Dockerfile: renderDockerfile(facts),
    ".dockerignore": renderDockerignore(),
  };
  return Object.entries(texts).map(([name, text]) => ({ file: join(folder, name), text }));
}

/** The root's README, when there is one, names every server. */
export function rootOutputs(root: string, servers: readonly ServerFacts[]): Output[] {
  if (!existsSync(join(root, README))) return [];
  const text = fillFile(root, { servers: renderServersTable(servers) });
  return [{ file: join(root, README), text }];
}

function fillFile(folder: string, regions: Record<string, string>): string {
  const file = join(folder, README);
  const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  try {
    return fillRegions(text ?? "", regions);
  } catch (error) {
    const start = text === undefined ? "there is none; write it, and " : "";
    throw new SharedError(`${README}: ${start}${messageOf(error)}`);
  }
}
