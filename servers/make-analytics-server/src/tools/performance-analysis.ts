import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { modulesOf } from "#shared/make-api/blueprint.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import { scan } from "#shared/make-api/scan.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { adviceOn } from "../domain/advice.ts";
import { type ErrorGroup, groupErrors } from "../domain/error-groups.ts";
import { moduleFigures } from "../domain/module-figures.ts";
import * as when from "../domain/period.ts";
import { isoPeriod, MS_A_DAY, periodOf } from "../domain/period.ts";
import { findRegressions, MIN_RUNS } from "../domain/regression.ts";
import { readRuns, summarize } from "../domain/runs.ts";
import { chooseScenarios } from "../domain/scenarios.ts";

const tool = toolsOf("performance-analysis");

const MAX_RUNS = 5_000;
const MAX_WINDOW_DAYS = 30;
/** Groups of errors whose app is looked up: a call each. */
export const MAX_APPS = 20;

const where = {
  organizationId: field.organizationId,
  teamId: field.onlyTeam,
  scenarioIds: field.scenarioIds.optional(),
};
const maxRuns = z.int().min(1).max(MAX_RUNS).default(500).describe("Log rows read of a scenario");
const periodOutput = field.row("From and to");

const summary = tool({
  name: "performance_summary",
  title: "Performance of scenarios",
  description:
    "Runs, p50, p95 and longest duration, error and warning rate, credits a run, by scenario. Percentiles by nearest rank over log rows that are runs.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios", "GET /scenarios/{scenarioId}/logs"],
  scan: true,
  input: { ...where, from: when.from, to: when.to, maxRuns, maxCalls: field.maxCalls },
  output: {
    period: periodOutput,
    scenarios: field.rows("Scenario and its figures; most failing first"),
  },
  async run({ from, to, maxRuns, maxCalls, ...asked }, make) {
    const period = periodOf({ from, to }, make.context.now());
    const scenarios = await chooseScenarios(make, asked);
    const all = await readRuns(make, scenarios, { period, maxRuns, maxCalls });
    return {
      period: isoPeriod(period),
      scenarios: all
        .map(({ scenario: { id, name }, runs }) => ({ id, name, ...summarize(runs) }))
        .sort((a, b) => (b.errorRate ?? -1) - (a.errorRate ?? -1) || a.id - b.id),
    };
  },
});

const regressions = tool({
  name: "performance_regressions",
  title: "Performance regressions",
  description:
    "Scenarios that are slower, costlier or failing more in the last days than in as many days before: Mann-Whitney (rates: Fisher) p < 0.01, a change of at least 20 %, at least 10 runs in both windows.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios", "GET /scenarios/{scenarioId}/logs"],
  scan: true,
  input: {
    ...where,
    windowDays: z.int().min(1).max(MAX_WINDOW_DAYS).default(7).describe("Days of each window"),
    maxRuns,
    maxCalls: field.maxCalls,
  },
  output: {
    windows: field.row("Before and now, each from and to"),
    regressions: field.rows("Scenario, kind, before, now, change in percent, p, test"),
    compared: z.int().min(0).describe("Scenarios with enough runs in both windows"),
    tooFewRuns: field.rows("Scenarios that could not be compared, with their runs"),
  },
  async run({ windowDays, maxRuns, maxCalls, ...asked }, make) {
    const end = make.context.now().getTime();
    const middle = end - windowDays * MS_A_DAY;
    const period = { from: middle - windowDays * MS_A_DAY, to: end };
    const scenarios = await chooseScenarios(make, asked);
    const all = await readRuns(make, scenarios, { period, maxRuns, maxCalls });
    const judged = all.map(({ scenario: { id, name }, runs }) => {
      const before = runs.filter(({ at }) => at < middle);
      const now = runs.filter(({ at }) => at >= middle);
      const sizes = { runsBefore: before.length, runsNow: now.length };
      return { id, name, ...sizes, found: findRegressions(before, now) };
    });
    return {
      windows: {
        before: isoPeriod({ from: period.from, to: middle }),
        now: isoPeriod({ from: middle, to: end }),
      },
      regressions: judged
        .flatMap(({ found, ...each }) => (found ?? []).map((one) => ({ ...each, ...one })))
        .sort((a, b) => a.p - b.p || a.id - b.id),
      compared: judged.filter(({ found }) => found !== undefined).length,
      tooFewRuns: judged
        .filter(({ found }) => found === undefined)
        .map(({ found: _, ...each }) => ({ ...each, needed: MIN_RUNS })),
    };
  },
});

const errors = tool({
  name: "performance_errors",
  title: "Errors in groups",
  description:
    "Failed runs grouped by error name and message (numbers, ids, quoted text and addresses left out): count, first and last seen, scenarios hit, failing app.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/logs",
    "GET /scenarios/{scenarioId}/executions/{executionId}",
  ],
  scan: true,
  input: { ...where, from: when.from, to: when.to, maxRuns, maxCalls: field.maxCalls },
  output: {
    period: periodOutput,
    groups: field.rows("Name, message, count, first and last seen, scenarios, app of the newest"),
    failedRuns: z.int().min(0).describe("Runs that failed"),
    runs: z.int().min(0).describe("Runs read"),
  },
  async run({ from, to, maxRuns, maxCalls, ...asked }, make) {
    const period = periodOf({ from, to }, make.context.now());
    const scenarios = await chooseScenarios(make, asked);
    const all = await readRuns(make, scenarios, { period, maxRuns, maxCalls });
    const groups = groupErrors(
      all.map(({ scenario, runs }) => ({ scenarioId: scenario.id, runs })),
    );
    if (groups.length > MAX_APPS)
      make.missing({
        part: `app of all groups but the first ${MAX_APPS}`,
        reason: "size",
        need: "ask for fewer scenarios, or a shorter time",
      });
    const names = new Map(scenarios.map(({ id, name }) => [id, name]));
    const shown = [];
    for (const [index, group] of groups.entries()) {
      const app = index < MAX_APPS ? await failingApp(make, group) : null;
      const hit = group.scenarios.map((each) => ({ ...each, name: names.get(each.id) ?? null }));
      shown.push({ ...maskSecrets(group), app, scenarios: hit });
    }
    return {
      period: isoPeriod(period),
      groups: shown,
      failedRuns: groups.reduce((total, { count }) => total + count, 0),
      runs: all.reduce((total, { runs }) => total + runs.length, 0),
    };
  },
});

/** The app of the module that failed; null where Make no longer keeps the run, or does not say. */
async function failingApp(make: MakeCall, { newest }: ErrorGroup): Promise<string | null> {
  try {
    const path = { scenarioId: newest.scenarioId, executionId: newest.executionId };
    const { error } = await make.get("GET /scenarios/{scenarioId}/executions/{executionId}", {
      path,
    });
    const cause = error?.causeModule;
    return isObject(cause) && typeof cause.appName === "string" ? cause.appName : null;
  } catch (failure) {
    if (failure instanceof ToolError && failure.code === "NOT_FOUND") return null;
    throw failure;
  }
}

const modules = tool({
  name: "performance_modules",
  title: "Modules of a scenario",
  description:
    "Failing or heavy modules of one scenario: runs, errors, warnings, bundles and size. Make's API has no time a module.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /scenarios/{scenarioId}/modules/{moduleId}/logs",
  ],
  scan: true,
  input: {
    scenarioId: field.scenarioId,
    days: z.int().min(1).max(when.MAX_DAYS).default(7).describe("Days back"),
    maxCalls: field.maxCalls,
  },
  output: { modules: field.rows("Module, runs, errors, warnings, bundles, size; failing first") },
  async run({ scenarioId, days, maxCalls }, make) {
    const { blueprint } = await make.get("GET /scenarios/{scenarioId}/blueprint", {
      path: { scenarioId },
    });
    const { from, to } = periodOf({}, make.context.now(), days);
    const read = await scan(
      make,
      modulesOf(blueprint),
      async ({ id, module }) => {
        const path = { scenarioId, moduleId: id };
        const key = "GET /scenarios/{scenarioId}/modules/{moduleId}/logs";
        const rows = await make.all(key, { path, query: { from, to } });
        return { id, module, ...moduleFigures(rows) };
      },
      { what: "logs of modules", maxCalls },
    );
    return {
      modules: read.sort((a, b) => b.errors - a.errors || b.bundles - a.bundles || a.id - b.id),
    };
  },
});

const advice = tool({
  name: "performance_advice",
  title: "Advice on a scenario",
  description:
    "Rules over blueprint and runs of one scenario: polling that finds nothing, routes without filters, lists without limits, no error handler, runs that are lost.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /scenarios/{scenarioId}",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /scenarios/{scenarioId}/logs",
  ],
  input: { scenarioId: field.scenarioId, maxRuns },
  output: { scenario: field.row("Id, name, figures"), advice: field.rows("Rule, finding, fix") },
  async run({ scenarioId, maxRuns }, make) {
    const path = { scenarioId };
    const scenario = await make.get("GET /scenarios/{scenarioId}", { path });
    const { blueprint } = await make.get("GET /scenarios/{scenarioId}/blueprint", { path });
    const period = periodOf({}, make.context.now());
    const [read] = await readRuns(make, [scenario], { period, maxRuns });
    const runs = read?.runs ?? [];
    const scheduling = scenario.scheduling ?? null;
    return {
      scenario: { id: scenario.id, name: scenario.name, ...summarize(runs) },
      advice: adviceOn({ blueprint, scheduling, runs }),
    };
  },
});

export const performanceAnalysis = [summary, regressions, errors, modules, advice];
