import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { MAX_ID } from "#shared/make-api/config.ts";
import { openStore } from "./store.ts";

export const MAX_RULES = 200;
const MAX_CREDITS = 1_000_000_000;

export const budgetRule = z.object({
  scope: z.enum(["organization", "team", "scenario"]).describe("What it watches"),
  id: z.int().min(1).max(MAX_ID).describe("Of the organisation, team or scenario"),
  maxCredits: z.number().min(0).max(MAX_CREDITS).describe("Credits of a period, at most"),
});
export type BudgetRule = z.output<typeof budgetRule>;

const file = z.object({ rules: z.array(budgetRule).max(MAX_RULES) });

export const budgetRules = (make: MakeCall) =>
  openStore(make, "budget-rules.json", file, { rules: [] });

/** Errors: VALIDATION_ERROR for two rules on one thing. */
export function checkRules(rules: readonly BudgetRule[]): void {
  const keys = rules.map(({ scope, id }) => `${scope} ${id}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice) throw new ToolError("VALIDATION_ERROR", `There are two rules for ${twice}: keep one.`);
}

/** Rules with what was used of them; those without a figure are not judged. */
export function judgeRules(
  rules: readonly BudgetRule[],
  used: (rule: BudgetRule) => number | null | undefined,
) {
  return rules.map((rule) => {
    const credits = used(rule) ?? null;
    return {
      ...rule,
      credits,
      percent:
        credits === null || rule.maxCredits === 0
          ? null
          : Math.round((credits / rule.maxCredits) * 100),
      exceeded: credits === null ? null : credits > rule.maxCredits,
    };
  });
}
