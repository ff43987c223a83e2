import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../lib/unknown.ts";

/** What a server may cost. */
export interface Budget {
  /** CPU from the spawn to the answer of tools/list, times that of `node -e 0` in the same run. */
  startCpu: number;
  /** The same to the answer of the first tools/call. */
  firstCallCpu: number;
  /** Bytes of dist/stdio.cjs. */
  stdioBytes: number;
  /** Bytes of all of dist. */
  distBytes: number;
  /** Files that are loaded before tools/list is answered. */
  modulesBeforeList: number;
}

/**
 * What holds for a server whose package.json says nothing in `flotilla.budget`: an answer from one
 * prepared file, the server itself without the SDK at the first call, all of the SDK in the bundle.
 */
export const defaults: Budget = {
  startCpu: 2,
  firstCallCpu: 4.5,
  stdioBytes: 60_000,
  distBytes: 1_500_000,
  modulesBeforeList: 2,
};

const names = Object.keys(defaults) as (keyof Budget)[];

/** The budget in a server's package.json, what it leaves out as by default. Throws on a word that is none. */
export function readBudget(folder: string): Budget {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const flotilla = isRecord(manifest) && isRecord(manifest.flotilla) ? manifest.flotilla : {};
  return budgetOf(flotilla.budget ?? {});
}

export function budgetOf(given: unknown): Budget {
  if (!isRecord(given)) throw new Error("flotilla.budget is no object");
  for (const [name, value] of Object.entries(given)) {
    if (!names.some((known) => known === name))
      throw new Error(`flotilla.budget.${name} is not known; there are ${names.join(", ")}`);
    if (typeof value !== "number" || !(value > 0))
      throw new Error(`flotilla.budget.${name} is no number above 0`);
  }
  return { ...defaults, ...given };
}

/** NaN stands for what cannot be measured here. */
export type Figures = Budget;

export interface Verdict {
  name: keyof Budget;
  measured: number;
  allowed: number;
  verdict: "within" | "over" | "not measured";
}

export const judge = (figures: Figures, budget: Budget): Verdict[] =>
  names.map((name) => {
    const [measured, allowed] = [figures[name], budget[name]];
    const within = measured <= allowed ? "within" : "over";
    return { name, measured, allowed, verdict: Number.isNaN(measured) ? "not measured" : within };
  });
