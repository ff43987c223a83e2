import { modulesOf } from "#shared/make-api/blueprint.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";

export interface AppUsage extends Record<string, unknown> {
  app: string;
  /** Scenarios whose blueprint has a module of it. */
  scenarios: { id: number; name: string; active: boolean | null }[];
  activeScenarios: number;
  modules: number;
  versions: number[];
  latestVersion: number | null;
  /** Null where the latest is not known. */
  outdated: boolean | null;
}

/** Make's own building blocks, which are no apps. */
const OWN = new Set(["builtin"]);

/** How often each app is used, and in which versions; most used first. */
export function appUsage(
  read: readonly WithBlueprint[],
  latest: ReadonlyMap<string, number>,
): AppUsage[] {
  const found = new Map<string, AppUsage>();
  for (const { scenario, answer } of read) {
    const modules = modulesOf(answer.blueprint).filter(({ app }) => app !== "" && !OWN.has(app));
    for (const { app, version } of modules) {
      const entry = found.get(app) ?? emptyUsage(app, latest.get(app) ?? null);
      found.set(app, entry);
      entry.modules += 1;
      if (version !== null && !entry.versions.includes(version)) entry.versions.push(version);
      if (entry.scenarios.some(({ id }) => id === scenario.id)) continue;
      entry.scenarios.push({
        id: scenario.id,
        name: scenario.name,
        active: scenario.isActive ?? null,
      });
      entry.activeScenarios += scenario.isActive ? 1 : 0;
    }
  }
  for (const entry of found.values()) {
    const { versions, latestVersion } = entry;
    versions.sort((a, b) => a - b);
    entry.outdated =
      latestVersion === null ? null : versions.some((version) => version < latestVersion);
  }
  return [...found.values()].sort(
    (a, b) =>
      b.scenarios.length - a.scenarios.length || b.modules - a.modules || (a.app < b.app ? -1 : 1),
  );
}

const emptyUsage = (app: string, latestVersion: number | null): AppUsage => ({
  app,
  scenarios: [],
  activeScenarios: 0,
  modules: 0,
  versions: [],
  latestVersion,
  outdated: null,
});
