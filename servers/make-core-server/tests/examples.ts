import { server } from "../src/server.ts";
import { tools } from "../src/tools.ts";
import type { Example, ExampleSetting } from "./shared/make-stub/examples.ts";

const confirm = { confirm: true };
const blueprint = { flow: [{ id: 1, module: "json:ParseJSON", version: 1 }] };
const organization = { scope: "organization", name: "ENV" };
const agentId = "a64d23ed-2580-43e4-a898-e97193d7fd5e";
const app = { app: "custom-app-7xpqrg" };
const section = { ...app, component: "module", name: "getInvoice", section: "api" };
const scenarioId = 4001;

const figures = { figures: true } as const;

/** One call of every tool at least; those that change something change what no later one reads. */
const examples: readonly Example[] = [
  { tool: "core_status" },
  { tool: "scenarios_list", ...figures },
  {
    tool: "scenarios_get",
    ...figures,
    input: { scenarioId, include: ["blueprint", "usage", "logs"] },
  },
  { tool: "scenarios_create", input: { name: "MKT | New", blueprint } },
  { tool: "scenarios_update", input: { scenarioId: 4003, name: "MKT | Other", active: false } },
  { tool: "scenarios_delete", input: { scenarioId: 4011, ...confirm } },
  { tool: "scenarios_run", input: { scenarioId: 4009, ...confirm } },
  { tool: "connections_list", ...figures, input: { withUsage: true } },
  { tool: "connections_get", input: { connectionId: 6003 } },
  { tool: "connections_verify", input: { connectionId: 6001 } },
  {
    tool: "connections_request",
    input: { name: "Slack", credentials: [{ appName: "slack", appModules: ["CreateMessage"] }] },
  },
  { tool: "connections_delete", input: { connectionId: 6002 } },
  { tool: "hooks_list", ...figures },
  { tool: "users_list", ...figures },
  { tool: "roles_list" },
  { tool: "teams_list", ...figures },
  { tool: "users_invite", input: { email: "fay@example.com", name: "Fay", usersRoleId: 102 } },
  { tool: "users_set_team_role", input: { userId: 303, teamId: 201, usersRoleId: 5 } },
  { tool: "users_set_org_role", input: { userId: 303, usersRoleId: null } },
  { tool: "variables_list", ...figures, input: { scope: "organization", includeSystem: true } },
  { tool: "variables_list", input: { scope: "team" } },
  {
    tool: "variables_set",
    input: { scope: "team", name: "SINCE", type: "date", value: "2026-11-01" },
  },
  { tool: "variables_delete", input: organization },
  { tool: "variables_history", input: organization },
  { tool: "variables_usage", input: organization },
  { tool: "templates_list" },
  { tool: "templates_get", input: { templateId: 21 } },
  { tool: "templates_search_public", input: { name: "slack leads" } },
  { tool: "templates_create", input: { scenarioId: 4003, name: "Leads" } },
  { tool: "templates_use", input: { templateId: 21, name: "MKT | From template" } },
  { tool: "folders_tree", ...figures },
  { tool: "folders_create", input: { name: "MKT Sub", parentId: 501 } },
  { tool: "folders_update", input: { folderId: 502, name: "MKT Social" } },
  { tool: "folders_delete", input: { folderId: 502 } },
  { tool: "folders_move_scenarios", input: { folderId: 502, scenarioIds: [4003] } },
  { tool: "custom_apps_list" },
  { tool: "custom_apps_get", input: { name: app.app } },
  { tool: "custom_apps_create", input: { name: "erp", label: "ERP" } },
  { tool: "custom_apps_visibility", input: { name: app.app, public: true, ...confirm } },
  { tool: "functions_list", input: { withCode: true } },
  { tool: "functions_check", input: { code: "function f() {}" } },
  { tool: "sdk_code_get", input: section },
  { tool: "sdk_code_set", input: { ...section, code: "{}" } },
  { tool: "sdk_rpc_test", input: { ...app, rpc: "listCustomers" } },
  { tool: "sdk_app_export", input: app },
  { tool: "sdk_app_diff", input: { ...app, tree: { "base.jsonc": "{}" } } },
  { tool: "apps_search", input: { text: "crm" } },
  { tool: "apps_modules", input: { appName: "slack" } },
  { tool: "apps_usage", ...figures },
  { tool: "billing_subscription" },
  { tool: "billing_payments", ...figures },
  { tool: "billing_usage", ...figures },
  { tool: "billing_usage", input: { teamId: 201 } },
  { tool: "billing_plans" },
  { tool: "ai_agents_list" },
  { tool: "ai_agents_get", input: { agentId } },
  {
    tool: "ai_agents_create",
    input: {
      name: "Helper",
      makeConnectionId: 6002,
      defaultModel: "example-large",
      systemPrompt: "You help.",
    },
  },
  { tool: "ai_agents_update", input: { agentId, systemPrompt: "You triage well.", ...confirm } },
  {
    tool: "ai_agents_run",
    input: { agentId, messages: [{ role: "user", content: "Triage this." }], ...confirm },
  },
  { tool: "ai_llm_providers" },
  { tool: "keys_list", input: { withUsage: true } },
  { tool: "keys_rotate", input: { keyId: 8001, fromEnv: "partner", ...confirm } },
  { tool: "secrets_scan", ...figures },
  { tool: "secrets_expiry", ...figures },
  { tool: "credential_requests_list", input: { teamId: 202 } },
  { tool: "blueprints_history", ...figures, input: { scenarioId } },
  { tool: "blueprints_diff", input: { scenarioId, from: 11 } },
  { tool: "blueprints_export", input: { scenarioIds: [4001, 4010] } },
  { tool: "blueprints_merge", input: { scenarioId, baseVersion: 11, edited: blueprint } },
  { tool: "blueprints_restore", input: { scenarioId, version: 11 } },
  { tool: "blueprints_dependencies" },
];

export const setting: ExampleSetting = {
  server,
  tools,
  examples,
  env: () => ({ MAKE_KEY_VALUE_PARTNER: "EXAMPLE-NEW-VALUE" }),
};
