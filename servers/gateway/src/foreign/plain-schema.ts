import { type LinearPattern, linearPattern } from "./linear-pattern.ts";
import { Unsure } from "./steps.ts";
import { isObject } from "./wire.ts";

/** What each part of a schema costs when it is looked at, beside its patterns. */
export const COST = "flotilla-cost";

/** Steps for a part, because what is wrong with it is written down; and characters of values that are one step. */
const PART_STEPS = 4;
const VALUE_CHARACTERS = 4;

const IDENTITIES = ["$schema", "$id", "id", COST];
/** Keywords whose keys are names, not keywords; and those whose values are data. */
const MAPS = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
]);
const VALUES = new Set(["const", "enum", "default", "examples"]);

export interface PlainSchema {
  schema: unknown;
  patterns: ReadonlyMap<string, LinearPattern>;
}

/**
 * A foreign schema without a name or dialect of its own, with its patterns, and with what each part
 * costs. A pattern that is not linear is left out; where it decides which members there may be, the
 * whole schema is nothing to judge by, and this throws Unsure.
 */
export function plainSchema(whole: unknown): PlainSchema {
  const patterns = new Map<string, LinearPattern>();
  const isLinear = (pattern: unknown): boolean => {
    if (typeof pattern !== "string") return false;
    const linear = patterns.get(pattern) ?? linearPattern(pattern);
    if (linear) patterns.set(pattern, linear);
    return linear !== undefined;
  };

  function plain(node: unknown): unknown {
    if (Array.isArray(node)) return node.map(plain);
    if (!isObject(node)) return node;
    const kept: [string, unknown][] = [[COST, costOf(node)]];
    for (const [key, value] of Object.entries(node)) {
      if (IDENTITIES.includes(key) || (key === "pattern" && !isLinear(value))) continue;
      if (VALUES.has(key)) kept.push([key, value]);
      else if (!MAPS.has(key) || !isObject(value)) kept.push([key, plain(value)]);
      else {
        const names = Object.keys(value);
        if (key === "patternProperties" && !names.every(isLinear)) throw new Unsure();
        kept.push([key, Object.fromEntries(names.map((name) => [name, plain(value[name])]))]);
      }
    }
    return Object.fromEntries(kept);
  }
  return { schema: plain(whole), patterns };
}

function costOf({ enum: values, const: value, properties, required }: Record<string, unknown>) {
  const characters = JSON.stringify([values, value]).length;
  const names = isObject(properties) ? Object.keys(properties).length : 0;
  const wanted = Array.isArray(required) ? required.length : 0;
  return PART_STEPS + Math.ceil(characters / VALUE_CHARACTERS) + names + wanted;
}
