import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverNames } from "../projects.ts";
import type { SmokeReport } from "./smoke.ts";

/** As a table for people. */
export function formatSmoke({ url, server, ok, checks }: SmokeReport): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(
    ({ name, status, ms, detail }) =>
      `${status.padEnd(7)}  ${name.padEnd(width)}  ${String(ms).padStart(6)} ms  ${detail}`,
  );
  return [...lines, `${ok ? "ok" : "FAILED"}  ${server || "no server"} at ${url}`];
}

const folderOf = (root: string) => join(root, ".smoke");

/** Keeps the last report of each server of ours, for the table of the fleet; it is not shipped. */
export function keepReport(root: string, report: SmokeReport): void {
  // the name is what a stranger's server calls itself
  if (!serverNames(root).includes(report.server)) return;
  mkdirSync(folderOf(root), { recursive: true });
  const file = join(folderOf(root), `${report.server}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

export function lastReport(root: string, server: string): SmokeReport | undefined {
  const file = join(folderOf(root), `${server}.json`);
  if (!existsSync(file)) return undefined;
  const report: SmokeReport = JSON.parse(readFileSync(file, "utf8"));
  return report;
}
