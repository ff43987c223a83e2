// Copied from shared/make-api/endpoints.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import * as z from "zod";
import { done, type Endpoint, many, one, paged } from "./endpoint.ts";
import * as shape from "./shapes.ts";

const ENTERPRISE = "Enterprise";
const confirmed = true;
const unstable = true;
const text = { text: true } as const;

/** Agents are in beta, and their scopes are in no document: Make's own refusal names the one it wants. */
const agents = { unstable } as const;
const audit = { plan: "Teams or Enterprise", role: "organisation Admin or Owner" } as const;
const variables = { plan: "Pro or higher (license.customVariables)" } as const;

/**
 * Every endpoint that a tool calls, as "METHOD /path" of Make's Web API v2: where its answer is, what
 * is in it, what a token needs. Source: Make's OpenAPI "Web API v2 - Public" of 2026, the
 * documentation at developers.make.com, and @makehq/sdk 1.6.10.
 */
export const endpoints = {
  "GET /users/me": one("authUser", shape.user, ""),
  "GET /users/me/current-authorization": one("authorization", shape.authorization, ""),
  "GET /users/me/api-tokens": many("apiTokens", shape.apiToken, "user:read"),
  "GET /users/me/oauth-connections": many("connections", shape.grant, "user:read"),
  "GET /users": paged("users", shape.user, "user:read"),
  "GET /users/roles": many("usersRoles", shape.role, "user:read"),
  "GET /users/roles/permissions": many("usersRolesPermissions", z.unknown(), "user:read"),
  "POST /users/{userId}/user-organization-roles/{organizationId}": one(
    "userOrganizationRole",
    shape.thing,
    "user:write",
    { confirmed },
  ),
  "POST /users/{userId}/user-team-roles/{teamId}": one("userTeamRole", z.unknown(), "user:write"),
  "GET /users/{userId}/user-team-notifications/{teamId}": many(
    "userTeamNotifications",
    shape.thing,
    "user:read",
  ),
  "PUT /users/{userId}/user-team-notifications/{teamId}/{notificationId}": one(
    "userTeamNotification",
    shape.thing,
    "user:write",
  ),

  "GET /organizations": paged("organizations", shape.numbered, "organizations:read"),
  "GET /organizations/{organizationId}": one(
    "organization",
    shape.organization,
    "organizations:read",
  ),
  "POST /organizations/{organizationId}/invite": one(null, shape.thing, "organizations:write"),
  "GET /organizations/{organizationId}/user-organization-roles": many(
    "userOrganizationRoles",
    shape.organizationRole,
    "organizations:read",
  ),
  "GET /organizations/{organizationId}/apps": many(
    "installedApps",
    shape.thing,
    "organizations:read",
  ),
  "GET /organizations/{organizationId}/usage": many("data", shape.usageDay, "organizations:read"),
  "GET /organizations/{organizationId}/feature-controls": one(
    null,
    z.looseObject({ featureControls: z.array(shape.numbered) }),
    "organizations:read",
  ),
  "PATCH /organizations/{organizationId}/feature-controls": one(
    "featureControl",
    shape.thing,
    "organizations:write",
  ),
  "PATCH /organizations/{organizationId}/tfa-enforcement": one(
    "organization",
    shape.thing,
    "organizations:write",
    { role: "organisation Owner" },
  ),
  "GET /organizations/{organizationId}/subscription": one(
    "product",
    shape.thing,
    "organizations:read",
  ),
  "GET /organizations/{organizationId}/payments": paged(
    "payments",
    shape.payment,
    "organizations:read",
  ),
  "GET /organizations/{organizationId}/variables": many(
    "organizationVariables",
    shape.variable,
    "organization-variables:read",
  ),
  "POST /organizations/{organizationId}/variables": one(
    "organizationVariable",
    shape.thing,
    "organization-variables:write",
    variables,
  ),
  "PATCH /organizations/{organizationId}/variables/{variableName}": one(
    "organizationVariable",
    shape.thing,
    "organization-variables:write",
    variables,
  ),
  "DELETE /organizations/{organizationId}/variables/{variableName}": done(
    "organization-variables:write",
    { confirmed },
  ),
  "GET /organizations/{organizationId}/variables/{variableName}/history": many(
    "organizationVariableHistory",
    shape.thing,
    "organization-variables:read",
  ),
  "GET /organizations/{organizationId}/managed-organizations": paged(
    "managedOrganizations",
    shape.thing,
    "managed-organizations:read",
    { plan: "a partner contract" },
  ),
  "PATCH /organizations/{organizationId}/managed-organizations/{childOrganizationId}": one(
    null,
    shape.thing,
    "managed-organizations:write",
    { plan: "a partner contract" },
  ),
  "GET /organizations/{organizationId}/managed-organizations-consumption": many(
    "managedOrganizationsConsumption",
    shape.thing,
    "managed-organizations:read",
    { plan: "a partner contract" },
  ),
  "GET /organizations/{organizationId}/sso-certificates": many(
    "ssoCertificates",
    shape.ssoCertificate,
    "organizations:read",
    { plan: ENTERPRISE },
  ),
  "GET /cashier/products": many("products", shape.thing, "organizations:read"),
  "GET /cashier/prices/{priceId}": one(null, shape.thing, "organizations:read"),

  "GET /teams": paged("teams", shape.team, "teams:read"),
  "PATCH /teams/{teamId}": one("team", shape.team, "teams:write"),
  "GET /teams/{teamId}/user-team-roles": many("userTeamRoles", shape.teamRole, "teams:read"),
  "GET /teams/{teamId}/usage": many("data", shape.usageDay, "teams:read"),
  "GET /teams/{teamId}/variables": many("teamVariables", shape.variable, "team-variables:read"),
  "POST /teams/{teamId}/variables": one(
    "teamVariable",
    shape.thing,
    "team-variables:write",
    variables,
  ),
  "PATCH /teams/{teamId}/variables/{variableName}": one(
    "teamVariable",
    shape.thing,
    "team-variables:write",
    variables,
  ),
  "DELETE /teams/{teamId}/variables/{variableName}": done("team-variables:write", { confirmed }),
  "GET /teams/{teamId}/variables/{variableName}/history": many(
    "teamVariableHistory",
    shape.thing,
    "team-variables:read",
  ),
  "GET /teams/{teamId}/llm-configuration": one(null, shape.llmConfiguration, "teams:read"),
  "PATCH /teams/{teamId}/llm-configuration": one(null, shape.thing, "teams:write"),
  "GET /private-spaces": many("privateSpaces", shape.thing, "private-spaces:read", {
    plan: ENTERPRISE,
  }),

  "GET /scenarios": paged("scenarios", shape.scenario, "scenarios:read"),
  "POST /scenarios": one("scenario", shape.scenario, "scenarios:write"),
  "GET /scenarios/{scenarioId}": one("scenario", shape.scenario, "scenarios:read"),
  "PATCH /scenarios/{scenarioId}": one("scenario", shape.thing, "scenarios:write"),
  "DELETE /scenarios/{scenarioId}": done("scenarios:write"),
  "POST /scenarios/{scenarioId}/start": one("scenario", shape.thing, "scenarios:write"),
  "POST /scenarios/{scenarioId}/stop": one("scenario", shape.thing, "scenarios:write"),
  "POST /scenarios/{scenarioId}/run": one(null, shape.thing, "scenarios:run"),
  "POST /scenarios/{scenarioId}/clone": one("scenario", shape.scenario, "scenarios:write"),
  "GET /scenarios/{scenarioId}/triggers": one(null, shape.thing, "scenarios:read"),
  "GET /scenarios/{scenarioId}/interface": one("interface", shape.thing, "scenarios:read"),
  "GET /scenarios/{scenarioId}/usage": many("data", shape.usageDay, "scenarios:read"),
  "GET /scenarios/{scenarioId}/blueprint": one("response", shape.blueprintAnswer, "scenarios:read"),
  "GET /scenarios/{scenarioId}/blueprints": many(
    "scenariosBlueprints",
    shape.blueprintVersion,
    "scenarios:read",
  ),
  "GET /scenarios/{scenarioId}/logs": paged("scenarioLogs", shape.logRow, "scenarios:read", {
    paging: "log",
  }),
  "GET /scenarios/{scenarioId}/logs/{executionId}": one(
    "scenarioLog",
    shape.logRow,
    "scenarios:read",
  ),
  "GET /scenarios/{scenarioId}/executions/{executionId}": one(
    null,
    shape.execution,
    "scenarios:read",
  ),
  "POST /scenarios/{scenarioId}/executions/{executionId}/stop": done("scenarios:run"),
  "GET /scenarios/{scenarioId}/modules/{moduleId}/logs": paged(
    "moduleLogs",
    shape.moduleLog,
    "scenarios:read",
  ),
  "GET /scenarios/consumptions": many("scenarioConsumptions", shape.consumption, "scenarios:read"),
  "GET /scenarios/ai-agents": paged("scenarios", shape.named, "scenarios:read", { unstable }),
  "GET /scenarios-folders": many("scenariosFolders", shape.folder, "scenarios:read"),
  "POST /scenarios-folders": one("scenarioFolder", shape.folder, "scenarios:write"),
  "PATCH /scenarios-folders/{folderId}": one("scenarioFolder", shape.thing, "scenarios:write"),
  "DELETE /scenarios-folders/{folderId}": done("scenarios:write"),
  "GET /scenarios-shared": paged("scenariosShared", shape.shared, "scenarios-shared:read"),

  "GET /dlqs": paged("dlqs", shape.dlq, "dlqs:read"),
  "DELETE /dlqs": done("dlqs:write", { confirmed }),
  "POST /dlqs/retry": done("dlqs:write"),

  "GET /connections": many("connections", shape.connection, "connections:read"),
  "GET /connections/{connectionId}": one("connection", shape.connection, "connections:read"),
  "PATCH /connections/{connectionId}": one("connection", shape.thing, "connections:write"),
  "DELETE /connections/{connectionId}": done("connections:write", { confirmed }),
  "POST /connections/{connectionId}/test": one(
    null,
    z.looseObject({ verified: z.boolean() }),
    "connections:write",
  ),
  "GET /keys": many("keys", shape.key, "keys:read"),
  "GET /keys/{keyId}": one("key", shape.key, "keys:read"),
  "PATCH /keys/{keyId}": one("key", shape.thing, "keys:write"),
  "GET /credential-requests/requests": many("requests", shape.named, "credential-requests:read"),
  "POST /credential-requests/requests/v2": one(null, shape.thing, "credential-requests:write"),
  "GET /credential-requests/apps/{appName}/{appVersion}/modules-with-credentials": many(
    "appModules",
    shape.thing,
    "apps:read",
  ),

  "GET /hooks": paged("hooks", shape.hook, "hooks:read"),
  "GET /hooks/{hookId}": one("hook", shape.hook, "hooks:read"),
  "PATCH /hooks/{hookId}": one("hook", shape.thing, "hooks:write"),
  "GET /hooks/{hookId}/logs": paged("hookLogs", shape.incomingLog, "hooks:read"),

  "GET /data-stores": paged("dataStores", shape.numbered, "datastores:read"),
  "GET /data-structures": paged("dataStructures", shape.numbered, "udts:read"),
  "GET /functions": many("functions", shape.numbered, "functions:read", { plan: ENTERPRISE }),
  "GET /functions/{functionId}": one("function", shape.numbered, "functions:read", {
    plan: ENTERPRISE,
  }),
  "POST /functions/eval": one(null, shape.thing, "functions:write", { plan: ENTERPRISE }),

  "GET /templates": paged("templates", shape.template, "templates:read"),
  "POST /templates": one("template", shape.thing, "templates:write", {
    plan: "one that includes own templates (license.creatingTemplates)",
  }),
  "GET /templates/{templateId}": one("template", shape.template, "templates:read"),
  "GET /templates/{templateId}/blueprint": one(null, shape.blueprintAnswer, "templates:read"),
  "GET /templates/public": paged("templatesPublic", shape.thing, "templates:read"),
  "GET /templates/public/{templateUrl}": one("templatePublic", shape.thing, "templates:read"),
  "GET /templates/public/{templateUrl}/blueprint": one(
    null,
    shape.blueprintAnswer,
    "templates:read",
  ),

  "GET /analytics/{organizationId}": paged("analytics", shape.thing, "analytics:read", {
    plan: ENTERPRISE,
    role: "organisation Owner",
  }),
  "GET /audit-logs/organization/{organizationId}": paged(
    "auditLogs",
    shape.auditLog,
    "organizations:read",
    audit,
  ),
  "GET /audit-logs/team/{teamId}": paged("auditLogs", shape.auditLog, "organizations:read", {
    ...audit,
    role: "Team Admin",
  }),
  "GET /audit-logs/{organizationId}/{uuid}": one(null, shape.thing, "organizations:read", audit),
  "GET /notifications": paged("notifications", shape.notification, "notifications:read"),
  "POST /notifications/mark-as-read": done("notifications:write"),

  "GET /ai-agents/v1/agents": many(null, shape.agent, "", agents),
  "POST /ai-agents/v1/agents": one(null, shape.thing, "", agents),
  "GET /ai-agents/v1/agents/{agentId}": one(null, shape.agent, "", agents),
  "PATCH /ai-agents/v1/agents/{agentId}": one(null, shape.thing, "", agents),
  "POST /ai-agents/v1/agents/{agentId}/run": one(null, shape.thing, "", agents),
  "GET /ai-agents/v1/contexts": many("contexts", shape.thing, "", agents),
  "GET /ai-agents/v1/llm-providers": many(null, shape.named, "", agents),
  "GET /ai-agents/v1/llm-providers/{providerId}/models": many(null, shape.thing, "", agents),

  "POST /rpcs/{appName}/{appVersion}/{rpcName}": one(null, z.unknown(), ""),
  "GET /imt/apps-meta": many("apps", shape.thing, ""),

  "GET /sdk/apps": many("apps", shape.thing, "sdk-apps:read"),
  "POST /sdk/apps": one("app", shape.thing, "sdk-apps:write"),
  "GET /sdk/apps/{appName}/{appVersion}": one("app", shape.thing, "sdk-apps:read"),
  "POST /sdk/apps/{appName}/{appVersion}/public": done("sdk-apps:write"),
  "POST /sdk/apps/{appName}/{appVersion}/private": done("sdk-apps:write"),
  "GET /sdk/apps/{appName}/{appVersion}/{section}": one(null, z.string(), "sdk-apps:read", text),
  "PUT /sdk/apps/{appName}/{appVersion}/{section}": done("sdk-apps:write", text),
  "GET /sdk/apps/{appName}/{appVersion}/modules": many("appModules", shape.thing, "sdk-apps:read"),
  "GET /sdk/apps/{appName}/{appVersion}/modules/{partName}/{section}": one(
    null,
    z.string(),
    "sdk-apps:read",
    text,
  ),
  "PUT /sdk/apps/{appName}/{appVersion}/modules/{partName}/{section}": done("sdk-apps:write", text),
  "GET /sdk/apps/{appName}/{appVersion}/rpcs": many("appRpcs", shape.thing, "sdk-apps:read"),
  "POST /sdk/apps/{appName}/{appVersion}/rpcs/{partName}": one(null, z.unknown(), "sdk-apps:write"),
  "GET /sdk/apps/{appName}/{appVersion}/rpcs/{partName}/{section}": one(
    null,
    z.string(),
    "sdk-apps:read",
    text,
  ),
  "PUT /sdk/apps/{appName}/{appVersion}/rpcs/{partName}/{section}": done("sdk-apps:write", text),
  "GET /sdk/apps/{appName}/{appVersion}/functions": many(
    "appFunctions",
    shape.thing,
    "sdk-apps:read",
  ),
  "GET /sdk/apps/{appName}/{appVersion}/functions/{partName}/{section}": one(
    null,
    z.string(),
    "sdk-apps:read",
    text,
  ),
  "PUT /sdk/apps/{appName}/{appVersion}/functions/{partName}/{section}": done(
    "sdk-apps:write",
    text,
  ),
  "GET /sdk/apps/{appName}/connections": many("appConnections", shape.thing, "sdk-apps:read"),
  "GET /sdk/apps/connections/{partName}/{section}": one(null, z.string(), "sdk-apps:read", text),
  "PUT /sdk/apps/connections/{partName}/{section}": done("sdk-apps:write", text),
  "GET /sdk/apps/{appName}/webhooks": many("appWebhooks", shape.thing, "sdk-apps:read"),
  "GET /sdk/apps/webhooks/{partName}/{section}": one(null, z.string(), "sdk-apps:read", text),
  "PUT /sdk/apps/webhooks/{partName}/{section}": done("sdk-apps:write", text),
} as const satisfies Record<`${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`, Endpoint>;

/** "METHOD /path" as in the table. */
export type EndpointKey = keyof typeof endpoints;
/** Those that only read. */
export type ReadKey = Extract<EndpointKey, `GET ${string}`>;
/** What an endpoint gives once its envelope is open. */
export type Answer<K extends EndpointKey> = z.output<(typeof endpoints)[K]["schema"]>;
/** Those whose answer is a list. */
export type ListKey = {
  [K in EndpointKey]: Answer<K> extends readonly unknown[] ? K : never;
}[EndpointKey] &
  ReadKey;
export type Row<K extends ListKey> = Answer<K> extends readonly (infer T)[] ? T : never;
