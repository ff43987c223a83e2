import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SharedError } from "../copy/errors.ts";
import { readDeploymentConfig } from "../deploy/config.ts";
import { publishedSchema } from "../deploy/config-schema.ts";
import { defaultShipment } from "../deploy/shipment.ts";
import { TARGETS } from "../deploy/targets/all.ts";
import { messageOf } from "../unknown.ts";
import {
  renderBenchPage,
  renderBenchSummary,
  renderServerBench,
  savedReports,
} from "./bench-page.ts";
import { prettyJson } from "./canonical-json.ts";
import { renderConfigTable } from "./config-table.ts";
import { deploymentTables } from "./deployment-tables.ts";
import { renderEnvExample } from "./env-example.ts";
import type { ServerFacts } from "./facts.ts";
import { fillRegions } from "./regions.ts";
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
const DEPLOYMENT = "DEPLOYMENT.md";

/** What is wholly generated for a server, beside the files of its targets; of its README only regions are. */
const GENERATED = ["tools.lock.json", ".env.example"] as const;

/** Files and folders that hold nothing made by hand; some servers have only some of them. */
export const isGenerated = (path: string): boolean =>
  [...GENERATED, "server.json", "manifest.json", "Dockerfile", ".dockerignore"].includes(path) ||
  /^(deploy|\.railway)\//.test(path);

/** Everything that is written for one server. Nothing is, unless all of it keeps the rules. */
export function serverOutputs(folder: string, facts: ServerFacts): Output[] {
  checkToolNames(facts);
  const bench = renderServerBench(savedReports(join(folder, "..", "..")), facts.name);
  const regions = {
    tools: renderToolsTable(facts),
    config: renderConfigTable(facts),
    ...(bench !== undefined && { bench }),
    ...facts.regions,
  };
  const texts: Record<(typeof GENERATED)[number] | typeof README, string> = {
    "tools.lock.json": renderToolsLock(facts),
    [README]: fillFile(folder, regions),
    ".env.example": renderEnvExample(facts),
  };
  const all = { ...texts, ...deployFiles(facts) };
  return Object.entries(all).map(([name, text]) => ({ file: join(folder, name), text }));
}

/** Files of targets that a server no longer has: nothing else is in these folders. */
export function leftovers(folder: string, outputs: readonly Output[]): string[] {
  const written = new Set(outputs.map(({ file }) => file));
  return ["deploy", ".railway"].flatMap((name) => {
    const home = join(folder, name);
    if (!existsSync(home)) return [];
    return readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !written.has(file));
  });
}

function deployFiles(facts: ServerFacts): Record<string, string> {
  const shipment = defaultShipment(facts);
  const files = facts.deploy.targets.map((name) => TARGETS[name].files(shipment));
  return Object.assign({}, ...files);
}

/** What stands in the root, where the root has it: tables of README and DEPLOYMENT, the published schema. */
export function rootOutputs(root: string, servers: readonly ServerFacts[]): Output[] {
  const outputs: Output[] = [];
  const reports = savedReports(root);
  if (existsSync(join(root, README))) {
    const regions = {
      servers: renderServersTable(servers),
      ...(reports.length > 0 && { bench: renderBenchSummary(reports) }),
    };
    outputs.push({ file: join(root, README), text: fillFile(root, regions) });
  }
  if (reports.length > 0)
    outputs.push({ file: join(root, "BENCHMARKS.md"), text: renderBenchPage(reports) });
  if (existsSync(join(root, "deployment-config.json"))) {
    const text = prettyJson(publishedSchema());
    outputs.push({ file: join(root, "deployment-config.schema.json"), text });
    const tables = deploymentTables(readDeploymentConfig(root), servers);
    outputs.push({ file: join(root, DEPLOYMENT), text: fillFile(root, tables, DEPLOYMENT) });
  }
  return outputs;
}

function fillFile(folder: string, regions: Record<string, string>, name = README): string {
  const file = join(folder, name);
  const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  try {
    return fillRegions(text ?? "", regions);
  } catch (error) {
    const start = text === undefined ? "there is none; write it, and " : "";
    throw new SharedError(`${name}: ${start}${messageOf(error)}`);
  }
}
