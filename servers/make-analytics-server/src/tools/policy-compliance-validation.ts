import * as z from "zod";
import type { EndpointKey } from "#shared/make-api/endpoints.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { MAX_POLICIES, type Policy, SEVERITIES, type Severity } from "../domain/policies.ts";
import { compareRuns, isOpen, runPolicies, type Unchecked } from "../domain/policy-run.ts";
import { openStore } from "../domain/store.ts";

const tool = toolsOf("policy-compliance-validation");

const calls: EndpointKey[] = [
  "GET /scenarios",
  "GET /scenarios/{scenarioId}/blueprint",
  "GET /teams",
  "GET /connections",
  "GET /connections/{connectionId}",
  "GET /users",
];

const input = {
  policyIds: z
    .array(z.string().min(1).max(60))
    .min(1)
    .max(MAX_POLICIES)
    .optional()
    .describe("Absent: all"),
  organizationId: field.organizationId,
  teamId: field.onlyTeam,
  scenarioIds: field.scenarioIds.optional(),
  maxCalls: field.maxCalls,
};
/** What the three tools have in common. */
const evaluating = {
  access: "read",
  scan: true,
  sources: ["api", "computed", "local"],
  calls,
} as const;

const unchecked = field
  .rows("Rules that Make gave nothing to check with: policy, rule, severity, check")
  .optional();
const told = (rules: Unchecked[]) => (rules.length > 0 ? { unchecked: rules } : {});

const idsOf = (policies: readonly Policy[]) => policies.map(({ id }) => id);

const policyValidate = tool({
  name: "policy_validate",
  title: "Evaluate policies",
  description:
    "What the rules of policies find in scenarios, connections and users, with evidence and what to do about it.",
  ...evaluating,
  input,
  output: {
    policies: z.array(z.string()).describe("That were evaluated"),
    findings: field.rows("Policy, rule, severity, target, evidence, fix, waived; worst first"),
    unchecked,
  },
  async run(asked, make) {
    const run = await runPolicies(make, asked);
    return { policies: idsOf(run.policies), findings: run.findings, ...told(run.unchecked) };
  },
});

const policyGate = tool({
  name: "policy_gate",
  title: "Pass or fail",
  description:
    "Evaluate policies, and fail when a finding that is not waived is as bad as failOn, or worse, or when a rule of that severity could not be checked: for CI.",
  ...evaluating,
  input: {
    ...input,
    failOn: z.enum(SEVERITIES).default("high").describe("Least severity that fails"),
  },
  output: {
    passed: z.boolean().describe("Whether nothing is that bad, and all of it was checked"),
    counts: field.row("Findings that are not waived, by severity"),
    failing: field.rows("Findings that fail it"),
    unchecked,
  },
  async run({ failOn, ...asked }, make) {
    const run = await runPolicies(make, asked);
    const open = run.findings.filter(isOpen);
    const least = SEVERITIES.indexOf(failOn);
    const isBad = ({ severity }: { severity: Severity }) => SEVERITIES.indexOf(severity) >= least;
    const failing = open.filter(isBad);
    const passed = failing.length === 0 && !run.unchecked.some(isBad);
    const counts = Object.fromEntries(
      SEVERITIES.map((each) => [each, open.filter(({ severity }) => severity === each).length]),
    );
    return { passed, counts, failing, ...told(run.unchecked) };
  },
});

const runs = z.record(z.string(), z.object({ at: z.string(), open: z.array(z.string()) }));

const policyTrend = tool({
  name: "policy_trend",
  title: "Findings since last time",
  description:
    "Evaluate policies and compare with the run before of the same policies and place: new, fixed, waived. Keeps this run in MAKE_STATE_DIR.",
  ...evaluating,
  input,
  output: {
    before: z.string().nullable().describe("When the last run was; null: this is the first"),
    open: z.int().min(0).describe("Findings now that are not waived"),
    new: field.rows("Findings that were not there"),
    fixed: z.array(z.string()).describe("Policy, rule and target of those that are gone"),
    waived: field.rows("Findings that are accepted"),
    unchecked,
  },
  async run(asked, make) {
    make.context.require("MAKE_STATE_DIR");
    const run = await runPolicies(make, asked);
    const { organizationId, teamId, scenarioIds } = asked;
    const place = [organizationId ?? null, teamId ?? null, scenarioIds ?? null];
    const key = JSON.stringify([idsOf(run.policies), ...place]);
    const at = make.context.now().toISOString();
    return await openStore(make, "policy-runs.json", runs, {}).update((kept) => {
      const before = kept[key];
      const { keys, open, ...compared } = compareRuns(run, before?.open ?? []);
      const value = { ...kept, [key]: { at, open: keys } };
      const result = { before: before?.at ?? null, open: open.length, ...compared };
      return { value, result: { ...result, ...told(run.unchecked) } };
    });
  },
});

export const policyComplianceValidation = [policyValidate, policyGate, policyTrend];
