import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { openStore } from "./store.ts";

export const MAX_POLICIES = 100;
const MAX_RULES = 100;
const MAX_WORDS = 200;

/** What can be checked, and of what; nothing else is evaluated. */
export const CHECKS = {
  "fits-naming": "scenario",
  "no-secrets": "scenario",
  "handles-errors": "scenario",
  "no-plain-http": "scenario",
  "only-apps": "scenario",
  "edited-within": "scenario",
  "is-valid": "scenario",
  "not-expired": "connection",
  "no-wide-scopes": "connection",
  "has-2fa": "user",
  "logged-in-within": "user",
  "in-domains": "user",
} as const;

export type Check = keyof typeof CHECKS;
const checks = Object.keys(CHECKS) as [Check, ...Check[]];
export const SEVERITIES = ["low", "medium", "high"] as const;
export type Severity = (typeof SEVERITIES)[number];

const words = z.array(z.string().min(1).max(200)).max(MAX_WORDS).optional();
const id = (describe: string) =>
  z
    .string()
    .max(60)
    .regex(/^[\w.-]+$/)
    .describe(describe);

const rule = z.object({
  id: id("Of the rule"),
  check: z.enum(checks).describe("What is checked"),
  severity: z.enum(SEVERITIES).describe("How bad a finding is"),
  days: z
    .int()
    .min(0)
    .max(3650)
    .optional()
    .describe("For not-expired, edited-within, logged-in-within"),
  apps: words.describe("For only-apps"),
  domains: words.describe("For in-domains"),
});
export type Rule = z.output<typeof rule>;

const waiver = z.object({
  rule: id("Rule that is waived"),
  target: z.string().max(80).describe('What for, such as "scenario 4001"'),
  reason: z.string().min(1).max(500).describe("Why"),
  until: z.iso.date().optional().describe("Last day of the waiver"),
});

export const policyInput = z.object({
  id: id("Of the policy"),
  title: z.string().min(1).max(200).describe("For people"),
  labels: words.describe("Such as SOC 2 CC6.1: a label, not a claim"),
  rules: z.array(rule).min(1).max(MAX_RULES).describe("All rules"),
  waivers: z.array(waiver).max(MAX_WORDS).optional().describe("Findings that are accepted"),
});

const policy = policyInput.extend({ version: z.int(), updatedAt: z.string() });
export type Policy = z.output<typeof policy>;

const file = z.object({ policies: z.array(policy).max(MAX_POLICIES) });
export const policyStore = (make: MakeCall) =>
  openStore(make, "policies.json", file, { policies: [] });

/** Checks that come with the server. The labels name what auditors file them under; passing them proves no compliance. */
export const PACKS: Policy[] = [
  {
    id: "pack-access",
    title: "Access and credentials",
    labels: ["SOC 2 CC6.1", "ISO 27001 A.5.15", "GDPR Art. 32"],
    version: 1,
    updatedAt: "2026-11-01T00:00:00.000Z",
    rules: [
      { id: "two-factor", check: "has-2fa", severity: "high" },
      { id: "dormant-users", check: "logged-in-within", severity: "medium", days: 90 },
      { id: "expired-connections", check: "not-expired", severity: "medium", days: 0 },
      { id: "wide-scopes", check: "no-wide-scopes", severity: "medium" },
      { id: "secrets-in-blueprints", check: "no-secrets", severity: "high" },
    ],
  },
  {
    id: "pack-operations",
    title: "Operation of scenarios",
    labels: ["SOC 2 CC7.2", "ISO 27001 A.8.9"],
    version: 1,
    updatedAt: "2026-11-01T00:00:00.000Z",
    rules: [
      { id: "naming", check: "fits-naming", severity: "low" },
      { id: "error-handling", check: "handles-errors", severity: "low" },
      { id: "encryption", check: "no-plain-http", severity: "high" },
      { id: "valid", check: "is-valid", severity: "medium" },
    ],
  },
];

const NEEDS: Partial<Record<Check, "days" | "apps" | "domains">> = {
  "edited-within": "days",
  "logged-in-within": "days",
  "only-apps": "apps",
  "in-domains": "domains",
};

/** Errors: VALIDATION_ERROR for a rule without what its check needs, or two rules of one id. */
export function checkPolicy({ id: policyId, rules }: z.output<typeof policyInput>): void {
  if (policyId.startsWith("pack-"))
    throw new ToolError("VALIDATION_ERROR", "Ids with pack- are of the packs: take another.");
  const ids = rules.map((each) => each.id);
  const twice = ids.find((each, index) => ids.indexOf(each) !== index);
  if (twice) throw new ToolError("VALIDATION_ERROR", `There are two rules ${twice}.`);
  for (const each of rules) {
    const need = NEEDS[each.check];
    if (need && each[need] === undefined)
      throw new ToolError("VALIDATION_ERROR", `Rule ${each.id} (${each.check}) needs ${need}.`);
  }
}

export async function allPolicies(make: MakeCall): Promise<Policy[]> {
  return [...PACKS, ...(await policyStore(make).read()).policies];
}

/** Errors: NOT_FOUND that lists what there is. */
export async function choosePolicies(make: MakeCall, ids: readonly string[] | undefined) {
  const all = await allPolicies(make);
  if (ids === undefined) return all;
  const missing = ids.filter((wanted) => !all.some((each) => each.id === wanted));
  if (missing.length === 0) return all.filter((each) => ids.includes(each.id));
  const known = all.map((each) => each.id).join(", ");
  throw new ToolError("NOT_FOUND", `There is no policy ${missing.join(", ")}, only ${known}.`);
}
