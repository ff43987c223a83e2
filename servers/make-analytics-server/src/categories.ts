import type { Categories } from "#shared/make-api/category.ts";

/** The toolsets of this server, and how much of each Make itself has. */
export const categories = {
  analytics: {
    describe: "Executions, credits and errors of a period, rankings, daily trend, export",
    grade: "computed",
    instead: "Counted from usage, consumption and logs; Make's own analytics on Enterprise",
    missing: "More than 30 days of usage",
    default: true,
  },
  "performance-analysis": {
    describe: "Durations, error rates, regressions and error groups of scenarios",
    grade: "computed",
    instead: "Figures over the logs of scenarios; regressions by rank tests",
    missing: "The time a module took",
    default: true,
  },
  "real-time-monitoring": {
    describe: "What is wrong now, new runs as they come, one run to its end",
    grade: "computed",
    instead: "Asking again within the rate limit, told on as progress: Make pushes nothing",
    missing: "Events pushed by Make",
  },
  "log-streaming": {
    describe: "Logs of scenarios and webhooks, in batches with a place that is kept",
    grade: "computed",
    instead: "Batches from a stored place on, as JSONL, OTLP or syslog lines",
    missing: "Logs older than the plan keeps them",
  },
  "audit-compliance": {
    describe: "Make's audit log, and the journal of what these servers changed",
    grade: "computed",
    instead: "Make's log where the plan has it; a journal of own changes, chained by hashes",
    missing: "Writing into the audit log",
  },
  "policy-compliance-validation": {
    describe: "What breaks the policies; pass or fail; what is new since last time",
    grade: "local",
    instead: "The policies of compliance-policy over what the account holds",
    missing: "A certificate of compliance: labels of frameworks are labels",
  },
  "compliance-policy": {
    describe: "Policies of this server: rules from a closed list of checks",
    grade: "local",
    instead: "JSON files in MAKE_STATE_DIR, and packs that come with the server",
    missing: "Policies in Make itself",
  },
  "zero-trust-auth": {
    describe: "Access review: users, tokens, connections, what is open to the internet",
    grade: "computed",
    instead: "A review of who and what can reach the account; Make authenticates its own users",
    missing: "Passwords and one-time codes: this server takes none; other users' tokens",
  },
  "multi-tenant-security": {
    describe: "Teams and child organisations: what crosses their borders, who uses how much",
    grade: "computed",
    instead: "A review of teams, private spaces and child organisations: these are Make's tenants",
    missing: "Keys and network segments by tenant",
  },
  "cicd-integration": {
    describe: "Scenarios as code: export, plan, deploy, verify, roll back",
    grade: "substituted",
    instead: "Bundles with references by name, plans by hash, snapshots in MAKE_STATE_DIR",
    missing: "Pipelines and environments in Make; a team stands for an environment",
  },
  procedures: {
    describe: "Runbooks; incomplete executions by cause, retry or delete; RPCs of apps",
    grade: "substituted",
    instead: "Runbooks of this server's tools, what Make can run again, RPCs of apps",
    missing: "Runbooks in Make itself: these are files in MAKE_STATE_DIR",
  },
  "naming-convention-policy": {
    describe: "Names that break a rule, names that would not, renaming",
    grade: "computed",
    instead: "RE2 expressions of this server over Make's lists",
    missing: "Rules in Make itself",
  },
  "scenario-archival-policy": {
    describe: "Scenarios nobody uses: find, put away, bring back",
    grade: "computed",
    instead: "Stopped, moved to a folder, blueprint saved; Make has no archive",
    missing: "An archived state in Make",
  },
  notifications: {
    describe: "Notifications in Make, and their settings",
    grade: "real",
    instead: "Sending is a POST to addresses that the operator configured",
    missing: "Sending a notification, marking a single one as read",
  },
  "budget-control": {
    describe: "Credits against the plan, projection, limits of teams",
    grade: "computed",
    instead:
      "The plan, the period's counters and 30 daily values; a team's operations limit is a real cap",
    missing: "A price for one scenario: money is known for the plan only",
    default: true,
  },
  certificates: {
    describe: "SSO certificates, TLS of the hosts that scenarios call, certificates in keys",
    grade: "computed",
    instead: "Make's SSO certificates, and TLS handshakes with the hosts themselves",
    missing: "Uploading, rotating or reading certificates in keys",
  },
  "ai-governance-engine": {
    describe: "Agents, AI modules, models and their credits; rules over them; AI switches",
    grade: "computed",
    instead: "Rules over agents and blueprints; Make's switches and model settings",
    missing: "A model registry, scores of bias, credits by module",
  },
} as const satisfies Categories;
