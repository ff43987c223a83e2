import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { EndpointKey } from "#shared/make-api/endpoints.ts";
import * as field from "#shared/make-api/fields.ts";
import { listTeams, readBlueprints } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { readConnections } from "../domain/account.ts";
import { compileRules, namingRules } from "../domain/naming.ts";
import {
  CHECKS,
  choosePolicies,
  MAX_POLICIES,
  type Policy,
  SEVERITIES,
} from "../domain/policies.ts";
import { evaluate, type Finding } from "../domain/policy-checks.ts";
import { chooseScenarios } from "../domain/scenarios.ts";
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
type Asked = z.output<z.ZodObject<typeof input>>;

async function validate(make: MakeCall, { policyIds, maxCalls, ...where }: Asked) {
  const policies = await choosePolicies(make, policyIds);
  const organizationId = await make.organizationId(where.organizationId);
  const asks = (kind: string) =>
    policies.some(({ rules }) => rules.some(({ check }) => CHECKS[check] === kind));
  const scenarios = asks("scenario")
    ? await readBlueprints(make, await chooseScenarios(make, where), maxCalls)
    : [];
  // users belong to the organisation: a look at one team or scenario leaves them out
  const isWhole = where.teamId === undefined && where.scenarioIds === undefined;
  const users =
    asks("user") && isWhole
      ? await make.optional("users", () => make.all("GET /users", { query: { organizationId } }))
      : [];
  const connections =
    asks("connection") && where.scenarioIds === undefined
      ? await make.optional("connections", async () => {
          const teams = await listTeams(make, { organizationId, teamId: where.teamId });
          return await readConnections(
            make,
            teams.map(({ id }) => id),
          );
        })
      : [];
  const naming = compileRules((await namingRules(make).read()).rules);
  const findings = evaluate(policies, {
    scenarios,
    connections: connections ?? [],
    users: users ?? [],
    naming,
    now: make.context.now(),
  });
  return { policies, findings };
}

const isOpen = ({ waived }: Finding) => waived === null;
const keyOf = ({ policy, rule, target }: Finding) => `${policy} ${rule} ${target}`;
const idsOf = (policies: readonly Policy[]) => policies.map(({ id }) => id);

const policyValidate = tool({
  name: "policy_validate",
  title: "Evaluate policies",
  description:
    "What the rules of policies find in scenarios, connections and users, with evidence and what to do about it.",
  access: "read",
  scan: true,
  sources: ["api", "computed", "local"],
  calls,
  input,
  output: {
    policies: z.array(z.string()).describe("That were evaluated"),
    findings: field.rows("Policy, rule, severity, target, evidence, fix, waived; worst first"),
  },
  async run(asked, make) {
    const { policies, findings } = await validate(make, asked);
    return { policies: idsOf(policies), findings };
  },
});

const policyGate = tool({
  name: "policy_gate",
  title: "Pass or fail",
  description:
    "Evaluate policies, and fail when a finding that is not waived is as bad as failOn, or worse: for CI.",
  access: "read",
  scan: true,
  sources: ["api", "computed", "local"],
  calls,
  input: {
    ...input,
    failOn: z.enum(SEVERITIES).default("high").describe("Least severity that fails"),
  },
  output: {
    passed: z.boolean().describe("Whether nothing is that bad"),
    counts: field.row("Findings that are not waived, by severity"),
    failing: field.rows("Findings that fail it"),
  },
  async run({ failOn, ...asked }, make) {
    const { findings } = await validate(make, asked);
    const open = findings.filter(isOpen);
    const least = SEVERITIES.indexOf(failOn);
    const failing = open.filter(({ severity }) => SEVERITIES.indexOf(severity) >= least);
    const counts = Object.fromEntries(
      SEVERITIES.map((each) => [each, open.filter(({ severity }) => severity === each).length]),
    );
    return { passed: failing.length === 0, counts, failing };
  },
});

const runs = z.record(z.string(), z.object({ at: z.string(), open: z.array(z.string()) }));

const policyTrend = tool({
  name: "policy_trend",
  title: "Findings since last time",
  description:
    "Evaluate policies and compare with the run before of the same policies and place: new, fixed, waived. Keeps this run in MAKE_STATE_DIR.",
  access: "read",
  scan: true,
  sources: ["api", "computed", "local"],
  calls,
  input,
  output: {
    before: z.string().nullable().describe("When the last run was; null: this is the first"),
    open: z.int().min(0).describe("Findings now that are not waived"),
    new: field.rows("Findings that were not there"),
    fixed: z.array(z.string()).describe("Policy, rule and target of those that are gone"),
    waived: field.rows("Findings that are accepted"),
  },
  async run(asked, make) {
    make.context.require("MAKE_STATE_DIR");
    const { policies, findings } = await validate(make, asked);
    const { organizationId, teamId, scenarioIds } = asked;
    const key = JSON.stringify([
      idsOf(policies),
      organizationId ?? null,
      teamId ?? null,
      scenarioIds ?? null,
    ]);
    const open = findings.filter(isOpen);
    const at = make.context.now().toISOString();
    return await openStore(make, "policy-runs.json", runs, {}).update((kept) => {
      const before = kept[key];
      const now = open.map(keyOf);
      const result = {
        before: before?.at ?? null,
        open: open.length,
        new: before ? open.filter((each) => !before.open.includes(keyOf(each))) : open,
        fixed: (before?.open ?? []).filter((each) => !findings.some((one) => keyOf(one) === each)),
        waived: findings.filter((each) => !isOpen(each)),
      };
      return { value: { ...kept, [key]: { at, open: now } }, result };
    });
  },
});

export const policyComplianceValidation = [policyValidate, policyGate, policyTrend];
