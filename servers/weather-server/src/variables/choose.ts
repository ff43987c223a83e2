import { ToolError } from "#shared/core/errors.ts";
import type { Step } from "../open-meteo/frame.ts";
import { type VariableApi, variablesOf } from "./catalog.ts";
import { nearMatch } from "./near-match.ts";

const STEPS: readonly Step[] = ["15min", "hour", "day"];

/** Variables in one call: more of them is a table that nobody reads. */
export const MAX_VARIABLES = 20;
/** Characters of a name, in schemas. */
export const MAX_VARIABLE_NAME = 80;

export interface Choice {
  variables: string[];
  /** What was read otherwise than it was written. */
  notes: string[];
}

interface Unknown {
  name: string;
  suggestions: string[];
  /** Steps that do have it. */
  steps: Step[];
}

const explain = ({ name, suggestions, steps }: Unknown): string => {
  if (steps.length > 0) return `${name} exists with step ${steps.join(" or ")} only`;
  if (suggestions.length === 0) return `${name} is unknown`;
  return `${name} is unknown; near it: ${suggestions.join(", ")}`;
};

/**
 * The variables that were asked for, in the interface's own names. A near match that is sure is taken
 * and noted. Errors: VALIDATION_ERROR that names every unknown one with what is near it, or with the
 * step that has it: asked with the wrong step, Open-Meteo would answer with nothing but nulls.
 */
export function chooseVariables(api: VariableApi, step: Step, asked: readonly string[]): Choice {
  const known = variablesOf(api, step);
  const chosen = new Set<string>();
  const notes: string[] = [];
  const unknown: Unknown[] = [];
  for (const name of asked) {
    if (known.includes(name)) {
      chosen.add(name);
      continue;
    }
    const { match, suggestions } = nearMatch(name, known);
    if (match !== undefined) {
      chosen.add(match);
      notes.push(`${JSON.stringify(name)} was read as ${match}.`);
      continue;
    }
    const steps = STEPS.filter((other) => other !== step && variablesOf(api, other).includes(name));
    unknown.push({ name, suggestions, steps });
  }
  if (unknown.length > 0) {
    throw new ToolError(
      "VALIDATION_ERROR",
      `Not all variables can be given with step ${step}: ${unknown.map(explain).join("; ")}. All names are in the resource weather://variables/${api}.`,
      { details: { reason: "unknown_variable", unknown } },
    );
  }
  return { variables: [...chosen], notes };
}
