import * as z from "zod";
import * as field from "#shared/make-api/fields.ts";
import { scan } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { appName, appVersion } from "../domain/app-code.ts";

const tool = toolsOf("custom-apps");

const MAX_CODE = 100_000;
const MAX_DESCRIPTION = 2_000;

const customAppsList = tool({
  name: "custom_apps_list",
  title: "List custom apps",
  description: "Custom apps that the token's owner develops, and those the organisation installed.",
  access: "read",
  sources: ["api"],
  calls: ["GET /sdk/apps", "GET /organizations/{organizationId}/apps"],
  input: { organizationId: field.organizationId },
  output: {
    apps: field.rows("Own apps").optional(),
    installed: field.rows("Installed in the organisation").optional(),
  },
  async run(input, make) {
    const apps = await make.optional("own apps", () => make.all("GET /sdk/apps"));
    const installed = await make.optional("installed apps", async () => {
      const organizationId = await make.organizationId(input.organizationId);
      return await make.all("GET /organizations/{organizationId}/apps", {
        path: { organizationId },
      });
    });
    return { ...(apps && { apps }), ...(installed && { installed }) };
  },
});

const customAppsGet = tool({
  name: "custom_apps_get",
  title: "Get a custom app",
  description: "A custom app with its modules, RPCs, functions, connections and webhooks.",
  access: "read",
  sources: ["api"],
  calls: [
    "GET /sdk/apps/{appName}/{appVersion}",
    "GET /sdk/apps/{appName}/{appVersion}/modules",
    "GET /sdk/apps/{appName}/{appVersion}/rpcs",
    "GET /sdk/apps/{appName}/{appVersion}/functions",
    "GET /sdk/apps/{appName}/connections",
    "GET /sdk/apps/{appName}/webhooks",
  ],
  input: { name: appName, version: appVersion },
  output: {
    app: field.row("The app"),
    modules: field.rows("Modules"),
    rpcs: field.rows("RPCs"),
    functions: field.rows("Functions"),
    connections: field.rows("Connections"),
    webhooks: field.rows("Webhooks"),
  },
  async run({ name, version }, make) {
    const path = { appName: name, appVersion: version };
    return {
      app: await make.get("GET /sdk/apps/{appName}/{appVersion}", { path }),
      modules: await make.all("GET /sdk/apps/{appName}/{appVersion}/modules", { path }),
      rpcs: await make.all("GET /sdk/apps/{appName}/{appVersion}/rpcs", { path }),
      functions: await make.all("GET /sdk/apps/{appName}/{appVersion}/functions", { path }),
      connections: await make.all("GET /sdk/apps/{appName}/connections", { path }),
      webhooks: await make.all("GET /sdk/apps/{appName}/webhooks", { path }),
    };
  },
});

const customAppsCreate = tool({
  name: "custom_apps_create",
  title: "Create a custom app",
  description: "Create an empty custom app; it is private.",
  access: "write",
  sources: ["api"],
  calls: ["POST /sdk/apps"],
  input: {
    name: appName,
    label: field.name("As people read it"),
    description: z.string().max(MAX_DESCRIPTION).default("").describe("What it does"),
    theme: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, "a colour such as #3498db")
      .max(7)
      .default("#3498db")
      .describe("Colour"),
    language: z
      .string()
      .regex(/^[a-z]{2}$/)
      .max(2)
      .default("en")
      .describe("ISO 639 code"),
    audience: z.enum(["global", "countries"]).default("global").describe("Whom it is for"),
  },
  output: { app: field.row("What was made") },
  run: async (body, make) => ({ app: await make.write("POST /sdk/apps", { body }) }),
});

const customAppsVisibility = tool({
  name: "custom_apps_visibility",
  title: "Show or hide a custom app",
  description: "Make a custom app public or private. A public one can be installed by others.",
  access: "destroy",
  sources: ["api"],
  calls: [
    "GET /sdk/apps/{appName}/{appVersion}",
    "POST /sdk/apps/{appName}/{appVersion}/public",
    "POST /sdk/apps/{appName}/{appVersion}/private",
  ],
  idempotent: true,
  input: { name: appName, version: appVersion, public: z.boolean().describe("Public, or private") },
  output: {
    name: z.string().describe("The app"),
    public: z.boolean().describe("As it is now"),
    was: z.boolean().nullable().describe("Public before"),
  },
  async run({ name, version, public: isPublic }, make) {
    const path = { appName: name, appVersion: version };
    const app = await make.get("GET /sdk/apps/{appName}/{appVersion}", { path });
    const was = typeof app.public === "boolean" ? app.public : null;
    make.confirmed({ app: name, from: was, to: isPublic });
    const key = isPublic
      ? "POST /sdk/apps/{appName}/{appVersion}/public"
      : "POST /sdk/apps/{appName}/{appVersion}/private";
    await make.write(key, { path });
    return { name, public: isPublic, was };
  },
});

const functionsList = tool({
  name: "functions_list",
  title: "List custom functions",
  description: "Custom functions of a team, with their code and the scenarios that use them.",
  access: "read",
  sources: ["api"],
  calls: ["GET /functions", "GET /functions/{functionId}"],
  scan: true,
  input: {
    teamId: field.teamId,
    withCode: z.boolean().default(false).describe("Their code too; one call each"),
    maxCalls: field.maxCalls,
  },
  output: { functions: field.rows("Functions"), total: z.int().min(0).describe("Functions") },
  async run({ teamId, withCode, maxCalls }, make) {
    const list = await make.all("GET /functions", { query: { teamId: make.teamId(teamId) } });
    const read = ({ id }: { id: string | number }) =>
      make.get("GET /functions/{functionId}", { path: { functionId: id } });
    const functions = withCode
      ? await scan(make, list, read, { what: "functions", maxCalls })
      : list;
    return { functions, total: functions.length };
  },
});

const functionsCheck = tool({
  name: "functions_check",
  title: "Check a custom function",
  description: "Let Make check the syntax of a custom function; nothing is stored.",
  access: "read",
  sources: ["api"],
  calls: ["POST /functions/eval"],
  input: {
    teamId: field.teamId,
    code: z.string().min(1).max(MAX_CODE).describe("The function, in JavaScript"),
  },
  output: {
    success: z.boolean().describe("Whether Make accepts it"),
    error: z.string().nullable().describe("What is wrong"),
  },
  async run({ teamId, code }, make) {
    const query = { teamId: make.teamId(teamId) };
    const { success, error } = await make.ask("POST /functions/eval", { query, body: { code } });
    return { success: success === true, error: typeof error === "string" ? error : null };
  },
});

export const customApps = [
  customAppsList,
  customAppsGet,
  customAppsCreate,
  customAppsVisibility,
  functionsList,
  functionsCheck,
];
