import { modulesOf } from "#shared/make-api/blueprint.ts";
import type { Row } from "#shared/make-api/endpoints.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";
import { secretsInBlueprint } from "#shared/make-api/secrets.ts";
import { type Connection, widestOf } from "./access-connections.ts";
import type { compileRules } from "./naming.ts";
import { daysSince } from "./period.ts";
import type { Check, Policy, Rule, Severity } from "./policies.ts";

type User = Row<"GET /users">;

/** What the rules look at; what no rule looks at is not read. */
export interface Subjects {
  scenarios: readonly WithBlueprint[];
  connections: readonly Connection[];
  users: readonly User[];
  naming: ReturnType<typeof compileRules>;
  now: Date;
}

export interface Finding extends Record<string, unknown> {
  policy: string;
  rule: string;
  severity: Severity;
  /** "scenario 4001" */
  target: string;
  name: string;
  evidence: string;
  fix: string;
  /** The reason, where it is accepted. */
  waived: string | null;
}

type Judge<T> = (subject: T, rule: Rule, all: Subjects) => string | undefined;

const scenarioChecks: Partial<Record<Check, Judge<WithBlueprint>>> = {
  "fits-naming": ({ scenario }, _, { naming }) => {
    const rule = naming.get("scenario");
    return rule && !rule.regex.matches(scenario.name) ? `breaks ${rule.pattern}` : undefined;
  },
  "no-secrets": ({ answer }) =>
    secretsInBlueprint(answer.blueprint)
      .map(({ moduleId, field, masked }) => `module ${moduleId} ${field}: ${masked}`)
      .join("; ") || undefined,
  "handles-errors": ({ answer }) =>
    modulesOf(answer.blueprint).some(({ handlesErrors }) => handlesErrors)
      ? undefined
      : "no module handles its errors",
  "no-plain-http": ({ answer }) =>
    modulesOf(answer.blueprint)
      .filter(({ app, mapper }) => app === "http" && /^http:\/\//i.test(String(mapper.url ?? "")))
      .map(({ id }) => `module ${id} calls http://`)
      .join("; ") || undefined,
  "only-apps": ({ answer }, { apps = [] }) => {
    const used = [...new Set(modulesOf(answer.blueprint).map(({ app }) => app))];
    const other = used.filter((app) => app !== "builtin" && !apps.includes(app));
    return other.length > 0 ? `uses ${other.join(", ")}` : undefined;
  },
  "edited-within": ({ scenario }, { days = 0 }, { now }) => {
    const age = daysSince(scenario.lastEdit ?? scenario.created, now);
    return age !== null && age > days ? `edited ${age} days ago` : undefined;
  },
  "is-valid": ({ scenario }) => (scenario.isinvalid ? "Make marks it invalid" : undefined),
};

const connectionChecks: Partial<Record<Check, Judge<Connection>>> = {
  "not-expired": ({ expire }, { days = 0 }, { now }) => {
    const age = daysSince(expire, now);
    if (age === null || -age > days) return undefined;
    return `${age >= 0 ? "expired" : "expires"} ${expire}`;
  },
  "no-wide-scopes": ({ scopes }) => widestOf(scopes).join(", ") || undefined,
};

const userChecks: Partial<Record<Check, Judge<User>>> = {
  "has-2fa": ({ tfaStatus }) => (tfaStatus === 0 ? "no second factor" : undefined),
  "logged-in-within": ({ lastLogin }, { days = 0 }, { now }) => {
    const age = daysSince(lastLogin, now);
    if (age === null) return "never logged in";
    return age > days ? `last login ${age} days ago` : undefined;
  },
  "in-domains": ({ email }, { domains = [] }) => {
    const domain = email?.split("@").at(-1)?.toLowerCase() ?? "";
    return domains.some((each) => each.toLowerCase() === domain) ? undefined : `is at ${domain}`;
  },
};

const FIXES: Readonly<Record<Check, string>> = {
  "fits-naming": "naming_propose, then naming_apply",
  "no-secrets": "Move it into a connection, a key or a custom variable, and change the secret",
  "handles-errors": "Add an error handler to the modules that call third parties",
  "no-plain-http": "Call the https address",
  "only-apps": "Replace the app, or allow it in the policy",
  "edited-within": "Review it; archival_candidates finds those nobody uses",
  "is-valid": "Open it in Make and repair the module it names",
  "not-expired": "Authorise the connection again",
  "no-wide-scopes": "Connect again with fewer scopes",
  "has-2fa": "Ask for 2FA, or enforce it with access_set_tfa",
  "logged-in-within": "Remove the user, or ask why",
  "in-domains": "Remove the user, or add the domain",
};

/** Everything the rules of the policies find, worst first. */
export function evaluate(policies: readonly Policy[], subjects: Subjects): Finding[] {
  const found = policies.flatMap((policy) =>
    policy.rules.flatMap((rule) => findingsOf(policy, rule, subjects)),
  );
  const rank = { high: 0, medium: 1, low: 2 };
  return found.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function findingsOf(policy: Policy, rule: Rule, subjects: Subjects): Finding[] {
  const { scenarios, connections, users } = subjects;
  const judged = [
    ...apply(scenarioChecks[rule.check], scenarios, rule, subjects, ({ scenario }) => [
      "scenario",
      scenario,
    ]),
    ...apply(connectionChecks[rule.check], connections, rule, subjects, (each) => [
      "connection",
      each,
    ]),
    ...apply(userChecks[rule.check], users, rule, subjects, (each) => ["user", each]),
  ];
  return judged.map(({ target, name, evidence }) => ({
    policy: policy.id,
    rule: rule.id,
    severity: rule.severity,
    target,
    name,
    evidence,
    fix: FIXES[rule.check],
    waived: waiverOf(policy, rule, target, subjects.now),
  }));
}

function apply<T>(
  judge: Judge<T> | undefined,
  subjects: readonly T[],
  rule: Rule,
  all: Subjects,
  nameOf: (subject: T) => [string, { id: number; name?: string | null | undefined }],
) {
  if (!judge) return [];
  return subjects.flatMap((subject) => {
    const evidence = judge(subject, rule, all);
    const [kind, { id, name }] = nameOf(subject);
    return evidence === undefined ? [] : [{ target: `${kind} ${id}`, name: name ?? "", evidence }];
  });
}

function waiverOf({ waivers }: Policy, rule: Rule, target: string, now: Date): string | null {
  const found = waivers?.find(
    (each) =>
      each.rule === rule.id &&
      each.target === target &&
      (each.until === undefined || each.until >= now.toISOString().slice(0, 10)),
  );
  return found?.reason ?? null;
}
