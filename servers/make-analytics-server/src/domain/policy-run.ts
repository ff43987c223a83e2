import type { MakeCall } from "#shared/make-api/call.ts";
import { listTeams, readBlueprints } from "#shared/make-api/scan.ts";
import { readConnections } from "./account.ts";
import { compileRules, namingRules } from "./naming.ts";
import { CHECKS, type Check, choosePolicies, type Policy, type Severity } from "./policies.ts";
import { evaluate, type Finding } from "./policy-checks.ts";
import { chooseScenarios } from "./scenarios.ts";

interface Asked {
  policyIds?: readonly string[] | undefined;
  organizationId?: number | undefined;
  teamId?: number | undefined;
  scenarioIds?: readonly number[] | undefined;
  maxCalls?: number | undefined;
}

/** A rule that nothing can be said of, because Make did not give what it looks at. */
export interface Unchecked extends Record<string, unknown> {
  policy: string;
  rule: string;
  severity: Severity;
  check: Check;
}

export interface PolicyRun {
  policies: Policy[];
  findings: Finding[];
  unchecked: Unchecked[];
}

/** Reads what the rules of policies look at, and judges it. */
export async function runPolicies(make: MakeCall, asked: Asked): Promise<PolicyRun> {
  const { policyIds, maxCalls, ...where } = asked;
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
      ? await make.optional("connections", () =>
          connectionsOf(make, { organizationId, teamId: where.teamId }),
        )
      : [];
  const naming = compileRules((await namingRules(make).read()).rules);
  const now = make.context.now();
  const subjects = { scenarios, connections: connections ?? [], users: users ?? [], naming, now };
  // only plans that can enforce 2FA tell of it
  const tellsTfa = users?.length === 0 || users?.some(({ tfaStatus }) => tfaStatus != null);
  const isMissing = (check: Check) =>
    (CHECKS[check] === "user" && users === undefined) ||
    (CHECKS[check] === "connection" && connections === undefined) ||
    (check === "has-2fa" && !tellsTfa);
  return {
    policies,
    findings: evaluate(policies, subjects),
    unchecked: rulesWith(policies, isMissing),
  };
}

async function connectionsOf(
  make: MakeCall,
  where: { organizationId: number; teamId: number | undefined },
) {
  const teams = await listTeams(make, where);
  return await readConnections(
    make,
    teams.map(({ id }) => id),
  );
}

const rulesWith = (policies: readonly Policy[], fits: (check: Check) => boolean): Unchecked[] =>
  policies.flatMap(({ id: policy, rules }) =>
    rules
      .filter(({ check }) => fits(check))
      .map(({ id: rule, severity, check }) => ({ policy, rule, severity, check })),
  );

export const isOpen = ({ waived }: Finding) => waived === null;

/** What a finding is known by from one run to the next. */
export const keyOf = ({ policy, rule, target }: Finding) => `${policy} ${rule} ${target}`;

/** What is open now, and was when the same was evaluated before; a rule that was not checked fixes nothing. */
export function compareRuns({ findings, unchecked }: PolicyRun, before: readonly string[]) {
  const open = findings.filter(isOpen);
  const isUnchecked = (key: string) =>
    unchecked.some(({ policy, rule }) => key.startsWith(`${policy} ${rule} `));
  const known = new Set(findings.map(keyOf));
  return {
    open,
    new: open.filter((each) => !before.includes(keyOf(each))),
    fixed: before.filter((key) => !known.has(key) && !isUnchecked(key)),
    waived: findings.filter((each) => !isOpen(each)),
    keys: [...new Set([...open.map(keyOf), ...before.filter(isUnchecked)])],
  };
}
