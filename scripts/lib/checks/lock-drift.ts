import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { serverNames } from "../projects.ts";

/**
 * The direct dependencies of a pnpm-lock.yaml with their resolved versions, read from its
 * `importers` block. Only the layout pnpm itself writes is understood.
 */
export function directVersions(lockfile: string): Map<string, string> {
  const versions = new Map<string, string>();
  let inImporters = false;
  let name = "";
  for (const line of lockfile.split(/\r?\n/)) {
    if (/^\S/.test(line)) inImporters = line === "importers:";
    if (!inImporters) continue;
    const [, dependency] = /^ {6}'?([^':]+)'?:$/.exec(line) ?? [];
    if (dependency !== undefined) name = dependency;
    const [, version] = /^ {8}version: '?([^'(]+)/.exec(line) ?? [];
    // What follows in parentheses are the peers it was resolved with.
    if (version !== undefined) versions.set(name, version);
  }
  return versions;
}

/** One line for each dependency that is not the same version wherever it is used directly. */
function driftBetween(locks: Map<string, Map<string, string>>): string[] {
  const users = new Map<string, Map<string, string[]>>();
  for (const [project, versions] of locks) {
    for (const [name, version] of versions) {
      const byVersion = users.get(name) ?? new Map<string, string[]>();
      byVersion.set(version, [...(byVersion.get(version) ?? []), project]);
      users.set(name, byVersion);
    }
  }
  return [...users]
    .filter(([, byVersion]) => byVersion.size > 1)
    .map(([name, byVersion]) => {
      const parts = [...byVersion].map(
        ([version, projects]) => `${version} in ${projects.join(", ")}`,
      );
      return `${name}: ${parts.join("; ")}`;
    })
    .sort();
}

export interface DriftReport {
  lockfiles: number;
  problems: string[];
}

/** Compares the lockfiles of the root, of shared and of every server. */
export function checkLockDrift(root: string): DriftReport {
  const folders = [".", "shared", ...serverNames(root).map((name) => `servers/${name}`)];
  const locks = new Map<string, Map<string, string>>();
  const problems: string[] = [];
  for (const folder of folders) {
    if (!existsSync(join(root, folder, "package.json"))) continue;
    const file = join(root, folder, "pnpm-lock.yaml");
    if (!existsSync(file)) {
      problems.push(`${folder} has no pnpm-lock.yaml`);
      continue;
    }
    const versions = directVersions(readFileSync(file, "utf8"));
    // A lockfile that nothing was read from would make every comparison pass.
    if (versions.size === 0) problems.push(`${folder}/pnpm-lock.yaml: no direct dependency found`);
    locks.set(folder, versions);
  }
  return { lockfiles: locks.size, problems: [...problems, ...driftBetween(locks)] };
}
