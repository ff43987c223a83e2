import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { listScenarios, readBlueprints } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { appUsage } from "../domain/app-usage.ts";

const tool = toolsOf("marketplace");

const MAX_FOUND = 200;

/** Make's catalogue, asked for once a day. */
const readCatalogue = (make: MakeCall) => {
  make.from("api");
  return make.account.catalogue.get("apps", () => make.all("GET /imt/apps-meta"));
};

const appsSearch = tool({
  name: "apps_search",
  title: "Search apps",
  description: "Apps of Make and custom apps, by name, label or keyword.",
  access: "read",
  sources: ["api"],
  calls: ["GET /imt/apps-meta"],
  input: {
    text: field.name("Words, all of which fit"),
    includeCustom: z.boolean().default(true).describe("Custom apps too"),
    limit: z.int().min(1).max(MAX_FOUND).default(20).describe("Apps shown"),
  },
  output: { apps: field.rows("Apps, best first"), total: z.int().min(0).describe("That fit") },
  async run({ text, includeCustom, limit }, make) {
    const words = text.toLowerCase().split(/\s+/);
    const ranked = (await readCatalogue(make))
      .filter((app) => includeCustom || app.isPrivate !== true)
      .map((app) => ({ app, rank: rankOf(app, words) }))
      .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
      .sort((a, b) => a.rank - b.rank || (String(a.app.name) < String(b.app.name) ? -1 : 1));
    return { apps: ranked.slice(0, limit).map(({ app }) => app), total: ranked.length };
  },
});

/** The name or label itself before a part of it, and both before a keyword. */
function rankOf(app: Record<string, unknown>, words: readonly string[]): number {
  const [name, label] = [app.name, app.label].map((each) => String(each ?? "").toLowerCase());
  const keywords = (Array.isArray(app.keywords) ? app.keywords : []).map((each) =>
    String(each).toLowerCase(),
  );
  const whole = words.join(" ");
  if (name === whole || label === whole) return 0;
  if (words.every((word) => `${name} ${label}`.includes(word))) return 1;
  const all = `${name} ${label} ${keywords.join(" ")}`;
  return words.every((word) => all.includes(word)) ? 2 : Number.POSITIVE_INFINITY;
}

const appsModules = tool({
  name: "apps_modules",
  title: "Modules of an app",
  description: "Modules of an app with the credential and the OAuth scopes each needs.",
  access: "read",
  sources: ["api"],
  calls: ["GET /credential-requests/apps/{appName}/{appVersion}/modules-with-credentials"],
  input: {
    appName: field.name('App, such as "slack"'),
    version: z
      .string()
      .regex(/^(latest|\d{1,3})$/, '"latest" or a number')
      .max(6)
      .default("latest")
      .describe("Version"),
  },
  output: { modules: field.rows("Modules") },
  async run({ appName, version }, make) {
    const path = { appName, appVersion: version };
    const key = "GET /credential-requests/apps/{appName}/{appVersion}/modules-with-credentials";
    return { modules: await make.all(key, { path }) };
  },
});

const appsUsage = tool({
  name: "apps_usage",
  title: "Apps in use",
  description: "Which apps our scenarios use, how often, and in versions older than the latest.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios", "GET /scenarios/{scenarioId}/blueprint", "GET /imt/apps-meta"],
  scan: true,
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    maxCalls: field.maxCalls,
  },
  output: {
    apps: field.rows("Most used first"),
    scanned: z.int().min(0).describe("Scenarios read"),
  },
  async run({ maxCalls, ...where }, make) {
    const scenarios = await listScenarios(make, where);
    const read = await readBlueprints(make, scenarios, maxCalls);
    const catalogue = await make.optional("latest versions", () => readCatalogue(make));
    return { apps: appUsage(read, latestVersions(catalogue ?? [])), scanned: read.length };
  },
});

/** The catalogue may hold several versions of an app. */
function latestVersions(catalogue: readonly Record<string, unknown>[]): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { name, version } of catalogue) {
    if (typeof name !== "string" || typeof version !== "number") continue;
    latest.set(name, Math.max(version, latest.get(name) ?? 0));
  }
  return latest;
}

export const marketplace = [appsSearch, appsModules, appsUsage];
