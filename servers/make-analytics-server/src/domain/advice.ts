import { type Module, modulesOf } from "#shared/make-api/blueprint.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import { ERROR, type Run } from "./runs.ts";

/** Runs from which a share says something. */
export const MIN_POLLS = 10;
/** Share of runs that found nothing, from which polling is wasteful. */
export const MAX_EMPTY = 0.5;

export interface Advice extends Record<string, unknown> {
  rule: string;
  finding: string;
  fix: string;
  modules?: number[];
}

interface Known {
  blueprint: unknown;
  scheduling: { type?: string | null | undefined; interval?: number | null | undefined } | null;
  runs: readonly Run[];
}

type Rule = (known: Known, modules: readonly Module[]) => Advice | undefined;

const ids = (modules: readonly Module[]) => modules.map(({ id }) => id);
const acts = ({ app, isHandler }: Module) => app !== "builtin" && !isHandler;

const idlePolling: Rule = ({ scheduling, runs }) => {
  if (scheduling?.type !== "indefinitely" || runs.length < MIN_POLLS) return undefined;
  // the trigger alone is one operation: nothing came after it
  const empty = runs.filter(({ row }) => (row.operations ?? 0) <= 1).length;
  if (empty / runs.length < MAX_EMPTY) return undefined;
  return {
    rule: "idle-polling",
    finding: `${empty} of ${runs.length} runs did nothing but look (every ${scheduling.interval} s)`,
    fix: "Start it by a webhook, or look less often",
  };
};

const noErrorHandler: Rule = ({ runs }, modules) => {
  const open = modules.filter((each) => acts(each) && !each.handlesErrors);
  const failed = runs.filter(({ status }) => status === ERROR).length;
  if (modules.some(({ handlesErrors }) => handlesErrors) || open.length === 0) return undefined;
  return {
    rule: "no-error-handler",
    finding: `No module handles its errors; ${failed} of ${runs.length} runs failed`,
    fix: "Add a Break, Resume or Ignore handler where a third party is called",
    modules: ids(open),
  };
};

const openRoutes: Rule = (_, modules) => {
  const unfiltered = modules.filter(({ raw }) => {
    const routes = Array.isArray(raw.routes) ? raw.routes : [];
    const firsts = routes.map((route) =>
      isObject(route) && Array.isArray(route.flow) ? route.flow[0] : null,
    );
    // one route may be the fallback; two without a filter both run for every bundle
    return firsts.filter((first) => isObject(first) && !isObject(first.filter)).length > 1;
  });
  if (unfiltered.length === 0) return undefined;
  return {
    rule: "routes-without-filter",
    finding: "Several routes of a router have no filter: each bundle takes all of them",
    fix: "Set a filter on the first module of each route, or mark one as the fallback",
    modules: ids(unfiltered),
  };
};

const LISTS = /:(list|search|get(all|many|rows)|select|watch)/i;
const LIMIT = /^(limit|max(results|records|items)?|pagesize|maxresults)$/i;

const unboundedLists: Rule = (_, modules) => {
  const unbounded = modules.filter(
    ({ module, parameters, mapper }) =>
      LISTS.test(module) &&
      ![...Object.keys(parameters), ...Object.keys(mapper)].some((key) => LIMIT.test(key)),
  );
  if (unbounded.length === 0) return undefined;
  return {
    rule: "unbounded-list",
    finding: "A module that lists or searches has no limit",
    fix: "Set its limit: each row it finds is a bundle, and each bundle costs operations after it",
    modules: ids(unbounded),
  };
};

const plainHttp: Rule = (_, modules) => {
  const plain = modules.filter(
    ({ app, mapper }) => app === "http" && /^http:\/\//i.test(String(mapper.url ?? "")),
  );
  if (plain.length === 0) return undefined;
  return {
    rule: "plain-http",
    finding: "A request goes out unencrypted",
    fix: "Call the https address",
    modules: ids(plain),
  };
};

const lostRuns: Rule = ({ blueprint, runs }) => {
  const metadata = isObject(blueprint) && isObject(blueprint.metadata) ? blueprint.metadata : {};
  const settings = isObject(metadata.scenario) ? metadata.scenario : {};
  const failed = runs.filter(({ status }) => status === ERROR).length;
  if (settings.dlq !== false || failed === 0) return undefined;
  return {
    rule: "failed-runs-are-lost",
    finding: `${failed} runs failed, and incomplete executions are not kept`,
    fix: "Switch on storing of incomplete executions in the scenario's settings",
  };
};

const RULES: readonly Rule[] = [
  idlePolling,
  noErrorHandler,
  openRoutes,
  unboundedLists,
  plainHttp,
  lostRuns,
];

/** What the rules say of one scenario. */
export function adviceOn(known: Known): Advice[] {
  const modules = modulesOf(known.blueprint);
  return RULES.map((rule) => rule(known, modules)).filter((each) => each !== undefined);
}
