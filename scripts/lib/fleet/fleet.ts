import { existsSync } from "node:fs";
import { join } from "node:path";
import { kilobytes, sizesOf } from "../build/sizes.ts";
import { isStale } from "../build/stamp.ts";
import { asObject } from "../copy/json.ts";
import { listModules } from "../copy/modules.ts";
import { readManifest } from "../copy/servers.ts";
import type { Project } from "../projects.ts";
import { lastReport } from "../smoke/report.ts";
import type { SmokeReport } from "../smoke/smoke.ts";
import type { StartRatio } from "../start-ratio.ts";
import { toolTokens } from "../tokens.ts";
import { readToolsLock, shownTools } from "../tools-lock.ts";
import { describeAge, type SharedAge, sharedAge } from "./shared-age.ts";

/** One server of the fleet, as it stands in this repository. */
export interface Ship {
  name: string;
  version: string;
  /** Shown with no variable set, and defined. */
  tools: { shown: number; all: number };
  tokens: number;
  /** Bytes of dist; undefined before it is built. */
  distBytes?: number;
  /** Whether dist was built from what is there now. */
  stale: boolean;
  start?: StartRatio | undefined;
  shared: SharedAge;
  targets: string[];
  smoke?: Pick<SmokeReport, "url" | "at" | "ok"> | undefined;
}

export const isBuilt = ({ dir }: Project): boolean => existsSync(join(dir, "dist", "stdio.cjs"));

export function describeFleet(
  root: string,
  servers: readonly Project[],
  starts: ReadonlyMap<string, StartRatio>,
): Ship[] {
  const modules = listModules(root);
  return servers.map((server) => {
    const lock = readToolsLock(server.dir);
    const shown = shownTools(lock);
    const { name, dir } = server;
    const { targets } = asObject(readManifest({ name, folder: dir }).flotilla ?? {}, "flotilla");
    const report = lastReport(root, name);
    return {
      name,
      version: lock.version,
      tools: { shown: shown.length, all: lock.tools.length },
      tokens: toolTokens(shown),
      ...(isBuilt(server) && { distBytes: sizesOf(dir).total }),
      stale: isStale(dir),
      start: starts.get(name),
      shared: sharedAge(root, server, modules),
      targets: Array.isArray(targets) ? targets.map(String) : [],
      smoke: report && { url: report.url, at: report.at, ok: report.ok },
    };
  });
}

const HEAD = [
  "server",
  "version",
  "tools",
  "tokens",
  "bundle",
  "start",
  "call",
  "shared code",
  "targets",
  "last smoke",
];

/** One table, with a line for each server. */
export function formatFleet(ships: readonly Ship[], now: Date): string[] {
  const rows = [HEAD, ...ships.map((ship) => cellsOf(ship, now))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function cellsOf(ship: Ship, now: Date): string[] {
  const { shown, all } = ship.tools;
  const times = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? "-" : `${value.toFixed(1)} x`;
  const size = ship.distBytes === undefined ? "not built" : kilobytes(ship.distBytes);
  return [
    ship.name,
    ship.version,
    shown === all ? `${all}` : `${shown} of ${all}`,
    `${ship.tokens}`,
    ship.distBytes !== undefined && ship.stale ? `${size}, stale` : size,
    times(ship.start?.list),
    times(ship.start?.call),
    describeAge(ship.shared, now),
    `${ship.targets.length}`,
    ship.smoke ? `${ship.smoke.ok ? "ok" : "FAILED"} ${ship.smoke.at.slice(0, 16)}Z` : "never",
  ];
}
