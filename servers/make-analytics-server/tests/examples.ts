import { server } from "../src/server.ts";
import { tools } from "../src/tools.ts";
import { ELSEWHERE, type Example, type ExampleSetting } from "./shared/make-stub/examples.ts";

const run = { scenarioId: 4001, executionId: "92b125fabd218accea958fcdc3f4e7b4" };
const policy = {
  id: "own",
  title: "Own",
  rules: [{ id: "r1", target: "connection", check: "not-expired", severity: "high" }],
};
const runbook = { id: "look", steps: [{ tool: "policies_list", args: {} }] };
const confirm = { confirm: true };

/** The exported bundle, run at another pace. */
const slower = (exported: Record<string, unknown> | undefined) => {
  const { scenarios = [], ...bundle } = Object(exported?.bundle) as { scenarios?: object[] };
  const scheduling = { type: "indefinitely", interval: 1_800 };
  return { bundle: { ...bundle, scenarios: scenarios.map((each) => ({ ...each, scheduling })) } };
};

const figures = { figures: true } as const;

/** One call of every tool, in an order in which what one stores the next finds. */
const examples: readonly Example[] = [
  { tool: "analytics_status" },
  { tool: "analytics_overview", ...figures },
  { tool: "analytics_ranking", ...figures, input: { limit: 3 } },
  { tool: "analytics_ranking", input: { by: "errors" } },
  { tool: "analytics_trend", ...figures },
  { tool: "analytics_trend", input: { teamId: 201 } },
  { tool: "analytics_export", input: { kind: "ranking" } },
  { tool: "performance_summary", ...figures },
  { tool: "performance_regressions", ...figures },
  { tool: "performance_errors", ...figures },
  { tool: "performance_modules", input: { scenarioId: 4002 } },
  { tool: "performance_advice", input: { scenarioId: 4001 } },
  { tool: "monitor_snapshot", ...figures },
  {
    tool: "monitor_watch",
    input: { scenarioIds: [4001], minutes: 0, from: "2026-11-19T10:00:00Z" },
  },
  { tool: "monitor_execution", input: run },
  { tool: "monitor_stop_execution", input: { ...run, ...confirm } },
  { tool: "logs_pull", input: { scenarioIds: [4001, 4002] } },
  { tool: "logs_query", input: { scenarioId: 4001, status: "error" } },
  { tool: "logs_execution", input: run },
  { tool: "hook_logs_pull", input: { hookId: 7001 } },
  { tool: "audit_logs_list", input: { limit: 2 } },
  { tool: "audit_log_get", input: { uuid: "00000000-0000-4000-8000-000000000002" } },
  { tool: "audit_summary", ...figures },
  { tool: "audit_export" },
  { tool: "policies_put", input: { policy } },
  { tool: "policies_list" },
  { tool: "policies_get", needs: ["policies_put"], input: { policyId: "own" } },
  { tool: "policy_validate" },
  {
    tool: "policy_gate",
    needs: ["policies_put"],
    input: { policyIds: ["own", "pack-operations"] },
  },
  { tool: "policy_trend" },
  { tool: "policies_delete", needs: ["policies_put"], input: { policyId: "own", ...confirm } },
  { tool: "access_review_users" },
  { tool: "access_review_tokens" },
  { tool: "access_review_connections" },
  { tool: "access_review_exposure" },
  { tool: "access_set_tfa", input: { enable: true } },
  { tool: "tenants_list" },
  { tool: "tenants_isolation" },
  { tool: "tenants_consumption", ...figures },
  { tool: "tenants_set_allocation", input: { childOrganizationId: 151, operations: 20_000 } },
  { tool: "cicd_export", input: { teamId: 201, scenarioIds: [4003] } },
  {
    tool: "cicd_plan",
    needs: ["cicd_export"],
    input: ({ cicd_export }) => ({ ...slower(cicd_export), teamId: 201 }),
  },
  {
    tool: "cicd_deploy",
    needs: ["cicd_export", "cicd_plan"],
    input: ({ cicd_plan }) => ({ planId: cicd_plan?.planId, ...confirm }),
  },
  { tool: "cicd_verify", input: { scenarioIds: [4009, 4005] } },
  {
    tool: "cicd_rollback",
    needs: ["cicd_export", "cicd_plan", "cicd_deploy"],
    input: ({ cicd_deploy }) => ({ deployId: cicd_deploy?.deployId, ...confirm }),
  },
  { tool: "procedures_put", input: runbook },
  { tool: "procedures_list" },
  {
    tool: "procedures_run",
    needs: ["procedures_put"],
    input: { id: "look", dryRun: false, ...confirm },
  },
  { tool: "incomplete_executions" },
  { tool: "incomplete_executions_resolve", input: { scenarioId: 4001, action: "retry" } },
  { tool: "rpc_call", input: { app: "google-sheets", version: 2, rpc: "listSheets" } },
  { tool: "naming_rules" },
  { tool: "naming_check" },
  { tool: "naming_propose" },
  {
    tool: "naming_apply",
    input: { items: [{ kind: "folder", id: 501, from: "MKT Lead handling", to: "MKT Leads" }] },
  },
  { tool: "archival_rules" },
  { tool: "archival_candidates", ...figures },
  {
    tool: "archival_apply",
    input: { scenarioIds: [4004], folderId: 502, dryRun: false, ...confirm },
  },
  { tool: "archival_restore", needs: ["archival_apply"], input: { scenarioId: 4004 } },
  { tool: "notifications_list", input: { limit: 2 } },
  { tool: "notifications_mark_read", input: confirm },
  { tool: "notification_settings" },
  { tool: "alert_send", input: { target: "ops", text: "Over budget" } },
  { tool: "budget_rules", input: { rules: [{ scope: "team", id: 201, maxCredits: 10_000 }] } },
  { tool: "budget_status", ...figures, input: { top: 3 } },
  { tool: "budget_projection", ...figures },
  { tool: "budget_projection", input: { teamId: 201 } },
  { tool: "budget_set_team_limit", input: { teamId: 201, operationsLimit: 20_000, ...confirm } },
  { tool: "budget_guard", ...figures },
  { tool: "certificates_sso", ...figures },
  { tool: "certificates_tls", input: { hosts: ["127.0.0.1"], port: 1 } },
  { tool: "certificates_inventory" },
  { tool: "certificates_report", input: { port: 1 } },
  { tool: "ai_inventory" },
  { tool: "ai_review", input: { allowedModels: ["example-large"] } },
  { tool: "ai_spend", ...figures },
  { tool: "ai_feature_controls" },
  { tool: "ai_feature_control_set", input: { id: 1, enabled: false } },
  { tool: "ai_llm_config" },
  { tool: "audit_journal" },
];

/** No example leaves this machine: what scenarios and hooks call is a port where nobody listens. */
const toThisMachine: ExampleSetting["intercept"] = ({ path }, usual) => {
  if (path === ELSEWHERE) return { body: {} };
  if (path !== "/hooks" && path !== "/organizations/101" && !path.endsWith("/blueprint"))
    return undefined;
  const { body, ...rest } = usual();
  const text = JSON.stringify(body)
    .replaceAll(/(crm|erp)\.example\.com/g, "127.0.0.1")
    .replaceAll(/hook\.eu1\.make\.com|eu1\.make\.com/g, "localhost");
  return { ...rest, body: JSON.parse(text) };
};

export const setting: ExampleSetting = {
  server,
  tools,
  examples,
  env: ({ url }) => ({ MAKE_ALERT_URL_OPS: `${url}/api/v2${ELSEWHERE}` }),
  intercept: toThisMachine,
};
