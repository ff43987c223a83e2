import { RE2JS } from "re2js";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { openStore } from "./store.ts";
import { KINDS, type Kind, type Thing } from "./things.ts";

const MAX_PATTERN = 300;

export const namingRule = z.object({
  kind: z.enum(KINDS).describe("What it is for"),
  pattern: z.string().min(1).max(MAX_PATTERN).describe("RE2 expression that the whole name fits"),
  template: z
    .string()
    .min(1)
    .max(MAX_PATTERN)
    .optional()
    .describe("For proposals, of {prefix}, {area} and {action}"),
});
export type NamingRule = z.output<typeof namingRule>;

export const rulesInput = z.array(namingRule).max(KINDS.length);

/** Where no rules are stored: "MKT | Leads | Sync", and folders that begin with the same letters. */
export const DEFAULT_RULES: NamingRule[] = [
  {
    kind: "scenario",
    pattern: "[A-Z]{2,5} \\| [^|]*[^| ] \\| [^|]*[^| ]",
    template: "{prefix} | {area} | {action}",
  },
  { kind: "folder", pattern: "[A-Z]{2,5} \\S.*", template: "{prefix} {area} {action}" },
];

const file = z.object({ rules: rulesInput });

export const namingRules = (make: MakeCall) =>
  openStore(make, "naming-rules.json", file, { rules: DEFAULT_RULES });

/** Compiled by RE2, whose time grows with the length of the name only. Errors: VALIDATION_ERROR. */
export function compileRules(
  rules: readonly NamingRule[],
): Map<Kind, NamingRule & { regex: RE2JS }> {
  const compiled = rules.map((rule) => [rule.kind, { ...rule, regex: compile(rule) }] as const);
  if (new Set(rules.map(({ kind }) => kind)).size < rules.length)
    throw new ToolError("VALIDATION_ERROR", "There are two rules for one kind: keep one.");
  return new Map(compiled);
}

function compile({ kind, pattern }: NamingRule): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    throw new ToolError(
      "VALIDATION_ERROR",
      `The pattern for ${kind} is no RE2 expression (it has no look-around and no back-references): ${String(cause)}`,
    );
  }
}

export interface Violation extends Record<string, unknown> {
  kind: Kind;
  id: number;
  name: string;
  teamId: number | null;
  rule: string;
}

export function violationsOf(
  things: readonly Thing[],
  rules: ReadonlyMap<Kind, { pattern: string; regex: RE2JS }>,
): Violation[] {
  return things.flatMap(({ kind, id, name, teamId }) => {
    const rule = rules.get(kind);
    return rule === undefined || rule.regex.matches(name)
      ? []
      : [{ kind, id, name, teamId, rule: rule.pattern }];
  });
}
