import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { MAX_ID } from "#shared/make-api/config.ts";
import * as field from "#shared/make-api/fields.ts";
import { isObject } from "#shared/make-api/open-answer.ts";
import { collect } from "#shared/make-api/paging.ts";
import { scenarioBody } from "#shared/make-api/scenario-body.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { connectBlueprint, neededConnections } from "../domain/template.ts";

const tool = toolsOf("templates");

const MAX_APPS = 20;
const MAX_FOUND = 100;
const MAX_CONNECTIONS = 50;
const MAX_URL = 300;

const templateId = field.idOf("Private template").optional();
const publicUrl = z
  .string()
  .regex(/^[\w.~-]+$/, "the last part of the address of a public template")
  .max(MAX_URL)
  .optional()
  .describe(
    'Public template, by the url of templates_search_public, such as "302-new-leads-to-slack"',
  );
const usedApps = z
  .array(field.name("App"))
  .max(MAX_APPS)
  .optional()
  .describe('Apps it uses, all of them, such as ["slack"]');

const usesAll = (apps: readonly string[] | undefined, used: unknown): boolean =>
  (apps ?? []).every((app) => Array.isArray(used) && used.includes(app));

interface Which {
  templateId?: number | undefined;
  publicUrl?: string | undefined;
}

/** A template and its blueprint, private or public: exactly one of the two is named. */
async function readTemplate(make: MakeCall, { templateId, publicUrl }: Which) {
  if ((templateId === undefined) === (publicUrl === undefined))
    throw new ToolError("VALIDATION_ERROR", "Give a templateId or a publicUrl, one of the two.");
  if (publicUrl !== undefined) {
    const path = { templateUrl: publicUrl };
    return {
      template: await make.get("GET /templates/public/{templateUrl}", { path }),
      content: await make.get("GET /templates/public/{templateUrl}/blueprint", { path }),
    };
  }
  const path = { templateId: templateId ?? 0 };
  return {
    template: await make.get("GET /templates/{templateId}", { path }),
    content: await make.get("GET /templates/{templateId}/blueprint", { path }),
  };
}

const reading = [
  "GET /templates/{templateId}",
  "GET /templates/{templateId}/blueprint",
  "GET /templates/public/{templateUrl}",
  "GET /templates/public/{templateUrl}/blueprint",
] as const;

const templatesList = tool({
  name: "templates_list",
  title: "List templates",
  description: "Private templates of a team.",
  access: "read",
  sources: ["api"],
  calls: ["GET /templates"],
  input: { teamId: field.teamId, usedApps },
  output: { templates: field.rows("Templates"), total: z.int().min(0).describe("Templates") },
  async run({ teamId, usedApps }, make) {
    const query = { teamId: make.teamId(teamId), "usedApps[]": usedApps };
    const all = await make.all("GET /templates", { query });
    const templates = all.filter((each) => usesAll(usedApps, each.usedApps));
    return { templates, total: templates.length };
  },
});

const templatesGet = tool({
  name: "templates_get",
  title: "Get a template",
  description: "A private or public template with its blueprint and the connections it asks for.",
  access: "read",
  sources: ["api", "computed"],
  calls: reading,
  input: { templateId, publicUrl },
  output: {
    template: field.row("The template"),
    content: field.row("blueprint, scheduling, controller"),
    connections: field.rows("Type, and the modules that need it"),
  },
  async run(which, make) {
    const { template, content } = await readTemplate(make, which);
    const connections = neededConnections(content.blueprint);
    return { template, content: maskSecrets(content), connections };
  },
});

const templatesSearchPublic = tool({
  name: "templates_search_public",
  title: "Search public templates",
  description: "Templates of Make's public gallery, by name or apps.",
  access: "read",
  sources: ["api"],
  calls: ["GET /templates/public"],
  input: {
    name: field.name("Words of the name").optional(),
    usedApps,
    limit: z.int().min(1).max(MAX_FOUND).default(20).describe("Templates shown"),
  },
  output: {
    templates: field.rows("Templates"),
    more: z.boolean().describe("Whether there are others"),
  },
  async run({ name, usedApps, limit }, make) {
    const query = { name, "usedApps[]": usedApps, includeEn: true };
    const all = make.each("GET /templates/public", { query });
    const { rows, more } = await collect(fitting(all, name, usedApps), limit);
    return { templates: rows, more };
  },
});

/** Make searches too; what does not fit is left out here, so that every hit is one. */
async function* fitting<T extends Record<string, unknown>>(
  templates: AsyncIterable<T>,
  name: string | undefined,
  usedApps: readonly string[] | undefined,
): AsyncGenerator<T> {
  const words = (name ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  for await (const each of templates) {
    const own = String(each.name ?? "").toLowerCase();
    if (words.every((word) => own.includes(word)) && usesAll(usedApps, each.usedApps)) yield each;
  }
}

const templatesCreate = tool({
  name: "templates_create",
  title: "Create a template",
  description:
    "Make a private template from a scenario. Written-out secrets must be taken out first.",
  access: "write",
  sources: ["api"],
  calls: ["GET /scenarios/{scenarioId}/blueprint", "POST /templates"],
  input: {
    scenarioId: field.scenarioId,
    teamId: field.teamId,
    name: field.name("Name of the template"),
    language: z
      .string()
      .regex(/^[a-z]{2}$/)
      .max(2)
      .default("en")
      .describe("ISO 639 code"),
  },
  output: { template: field.row("What was made") },
  async run({ scenarioId, teamId, name, language }, make) {
    const { blueprint, scheduling } = await make.get("GET /scenarios/{scenarioId}/blueprint", {
      path: { scenarioId },
    });
    refuseSecrets(blueprint);
    make.warn(
      "The body of POST /templates is not in Make's public documentation; look at the template.",
    );
    const body = {
      teamId: make.teamId(teamId),
      language,
      templateName: name,
      blueprint: JSON.stringify({ ...blueprint, name }),
      scheduling: JSON.stringify(scheduling ?? { type: "on-demand" }),
    };
    return { template: await make.write("POST /templates", { body }) };
  },
});

/** A template is there to be passed on: a secret in it would be too. */
function refuseSecrets(blueprint: unknown): void {
  if (JSON.stringify(maskSecrets(blueprint)) === JSON.stringify(blueprint)) return;
  throw new ToolError(
    "VALIDATION_ERROR",
    "The blueprint holds secrets that are written out; secrets_scan says where. Put them into connections or keys first.",
    { details: { reason: "secrets" } },
  );
}

const templatesUse = tool({
  name: "templates_use",
  title: "Use a template",
  description:
    "New scenario from a template, with connections for those it asks for. It is off at first.",
  access: "write",
  sources: ["api"],
  calls: [...reading, "POST /scenarios"],
  input: {
    templateId,
    publicUrl,
    teamId: field.teamId,
    name: field.name("Name of the scenario"),
    map: z
      .record(z.string().max(100), z.int().min(1).max(MAX_ID).describe("Connection"))
      .refine((map) => Object.keys(map).length <= MAX_CONNECTIONS, "too many connections")
      .meta({ maxProperties: MAX_CONNECTIONS })
      .default({})
      .describe('Connections by the types of templates_get, such as {"slack3":6004}'),
    installApps: z
      .boolean()
      .default(false)
      .describe("Confirm apps that the organisation uses for the first time"),
  },
  output: {
    scenario: field.row("What was made"),
    unmapped: z.array(z.string()).describe("Types of connections still to be chosen"),
  },
  async run({ teamId, name, map, installApps, ...which }, make) {
    const { template, content } = await readTemplate(make, which);
    const { blueprint, unmapped } = connectBlueprint(content.blueprint, map);
    const body = {
      teamId: make.teamId(teamId),
      ...scenarioBody({
        blueprint: { ...(isObject(blueprint) ? blueprint : {}), name },
        scheduling: content.scheduling ?? { type: "on-demand" },
        metadata: content.metadata,
      }),
      basedon: template.id,
    };
    const query = installApps ? { confirmed: true } : {};
    return { scenario: await make.write("POST /scenarios", { query, body }), unmapped };
  },
});

export const templates = [
  templatesList,
  templatesGet,
  templatesSearchPublic,
  templatesCreate,
  templatesUse,
];
