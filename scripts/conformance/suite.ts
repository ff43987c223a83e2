import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/run.ts";
import { inTempFolder } from "../lib/temp-folder.ts";

const folder = import.meta.dirname;
const suite = join(folder, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
const LEAST_NODE = 22;
const LIMIT_SECONDS = 600;

/** The Node that runs the suite: this one when it is new enough, else the one installed beside the suite. */
export function suiteNode(): string | undefined {
  if (Number(process.versions.node.split(".", 1)[0]) >= LEAST_NODE) return process.execPath;
  const names = [
    `node-${process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ];
  return names
    .map((name) => join(folder, "node_modules", name, "bin", "node"))
    .find((file) => existsSync(file));
}

export const suiteIsInstalled = (): boolean => existsSync(suite) && suiteNode() !== undefined;

export interface SuiteReport {
  /** Names of the scenarios that the revision requires. */
  passed: string[];
  failed: string[];
  output: string;
}

/** Runs all scenarios that a revision of the protocol requires against the server at `url`. */
export async function runSuite(url: string, revision: string): Promise<SuiteReport> {
  return inTempFolder(async (results) => {
    const command = [suite, "server", "--url", url, "--requirements", revision, "-o", results];
    const { output } = await run(suiteNode() ?? process.execPath, command, {
      cwd: folder,
      timeoutSeconds: LIMIT_SECONDS,
    });
    return { ...readSummary(output), output };
  });
}

/** The suite lists every scenario after "SUMMARY", then those again that do not count. */
export function readSummary(output: string): Omit<SuiteReport, "output"> {
  const [, summary = ""] = output.split("=== SUMMARY ===");
  const [listed = "", notScored = ""] = summary.split("Not scored for");
  const unscored = new Set([...notScored.matchAll(/^\s+[✓✗] (\S+) \(/gm)].map(([, name]) => name));
  const passed: string[] = [];
  const failed: string[] = [];
  for (const [, mark, name = ""] of listed.matchAll(/^([✓✗]) (\S+): /gm)) {
    if (!unscored.has(name)) (mark === "✓" ? passed : failed).push(name);
  }
  return { passed, failed };
}
