import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { readUses, usersOf } from "../domain/using.ts";
import { maskValue, showVariable, TYPE_IDS, TYPES, typedValue } from "../domain/variable.ts";

const tool = toolsOf("variables");

const MAX_NAME = 128;
const MAX_VALUE = 10_000;

const scope = z.enum(["organization", "team"]).describe("Whose variables");
const id = field.idOf("Organisation or team; absent, the configured one").optional();
const name = z
  .string()
  .regex(/^[A-Za-z0-9$_]+$/, "letters, digits, $ and _ only")
  .max(MAX_NAME)
  .describe("Name");

interface Place {
  scope: "organization" | "team";
  id?: number | undefined;
}

/** The endpoints and the path of a scope. */
async function placeOf(make: MakeCall, { scope, id }: Place) {
  if (scope === "organization") {
    const path = { organizationId: await make.organizationId(id) };
    return { base: "/organizations/{organizationId}/variables", path } as const;
  }
  return { base: "/teams/{teamId}/variables", path: { teamId: make.teamId(id) } } as const;
}

async function readVariables(make: MakeCall, place: Place) {
  const { base, path } = await placeOf(make, place);
  return await make.get(`GET ${base}`, { path });
}

const variablesList = tool({
  name: "variables_list",
  title: "List variables",
  description:
    "Custom variables of the organisation or a team; what looks like a secret is masked.",
  access: "read",
  sources: ["api"],
  calls: ["GET /organizations/{organizationId}/variables", "GET /teams/{teamId}/variables"],
  input: {
    scope,
    id,
    includeSystem: z.boolean().default(false).describe("Make's own too"),
    reveal: field.reveal,
  },
  output: { variables: field.rows("Name, type, value"), total: z.int().min(0).describe("Shown") },
  async run({ includeSystem, reveal, ...place }, make) {
    const all = await readVariables(make, place);
    const wanted = all.filter(({ isSystem }) => includeSystem || isSystem !== true);
    const shows = make.reveals(reveal);
    return { variables: wanted.map((each) => showVariable(each, shows)), total: wanted.length };
  },
});

const variablesSet = tool({
  name: "variables_set",
  title: "Set a variable",
  description: "Create a variable or change its value; the type is checked first.",
  access: "write",
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}/variables",
    "GET /teams/{teamId}/variables",
    "POST /organizations/{organizationId}/variables",
    "POST /teams/{teamId}/variables",
    "PATCH /organizations/{organizationId}/variables/{variableName}",
    "PATCH /teams/{teamId}/variables/{variableName}",
  ],
  idempotent: true,
  input: {
    scope,
    id,
    name,
    type: z.enum(TYPES).describe("Of the value"),
    value: z
      .union([z.string().max(MAX_VALUE), z.number(), z.boolean()])
      .describe("The value; a date as ISO 8601"),
  },
  output: {
    variable: field.row("As it is now"),
    created: z.boolean().describe("Whether there was none"),
  },
  async run({ name, type, value, ...place }, make) {
    const typed = typedValue(type, value);
    const { base, path } = await placeOf(make, place);
    const before = (await make.get(`GET ${base}`, { path })).find((each) => each.name === name);
    if (before?.isSystem)
      throw new ToolError("VALIDATION_ERROR", `${name} is Make's own and cannot be set.`);
    const body = { name, typeId: TYPE_IDS[type], value: typed };
    if (before)
      await make.write(`PATCH ${base}/{variableName}`, {
        path: { ...path, variableName: name },
        body,
      });
    else await make.write(`POST ${base}`, { path, body });
    return { variable: { name, type, value: maskValue(name, typed) }, created: !before };
  },
});

const variablesDelete = tool({
  name: "variables_delete",
  title: "Delete a variable",
  description: "Delete a variable, after the scenarios that mention it were shown.",
  access: "destroy",
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}/variables",
    "GET /teams/{teamId}/variables",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
    "DELETE /organizations/{organizationId}/variables/{variableName}",
    "DELETE /teams/{teamId}/variables/{variableName}",
  ],
  scan: true,
  input: { scope, id, name, maxCalls: field.maxCalls },
  output: {
    deleted: field.row("The variable that was"),
    mentionedBy: field.rows("Scenarios that mention it"),
  },
  async run({ name, maxCalls, ...place }, make) {
    const { base, path } = await placeOf(make, place);
    const found = (await make.get(`GET ${base}`, { path })).find((each) => each.name === name);
    if (!found) throw new ToolError("NOT_FOUND", `There is no variable ${name} there.`);
    const variable = showVariable(found, false);
    const uses = await readUses(make, { maxCalls });
    const mentionedBy = usersOf(uses, "variables", `${place.scope}.${name}`);
    make.confirmed({ wouldDelete: variable, mentionedBy });
    await make.write(`DELETE ${base}/{variableName}`, { path: { ...path, variableName: name } });
    return { deleted: variable, mentionedBy };
  },
});

const variablesHistory = tool({
  name: "variables_history",
  title: "History of a variable",
  description: "Who changed a variable, with the old and the new value.",
  access: "read",
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}/variables/{variableName}/history",
    "GET /teams/{teamId}/variables/{variableName}/history",
  ],
  input: { scope, id, name, reveal: field.reveal },
  output: { history: field.rows("Changes") },
  async run({ name, reveal, ...place }, make) {
    const { base, path } = await placeOf(make, place);
    const options = { path: { ...path, variableName: name } };
    const history = await make.get(`GET ${base}/{variableName}/history`, options);
    const shows = make.reveals(reveal);
    const masked = (value: unknown) => maskValue(name, value);
    return {
      history: shows
        ? history
        : history.map((each) => ({
            ...maskSecrets(each),
            ...("oldValue" in each && { oldValue: masked(each.oldValue) }),
            ...("newValue" in each && { newValue: masked(each.newValue) }),
          })),
    };
  },
});

const variablesUsage = tool({
  name: "variables_usage",
  title: "Where a variable is used",
  description: "Scenarios whose blueprint mentions a variable; one call a scenario.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios", "GET /scenarios/{scenarioId}/blueprint"],
  scan: true,
  input: { scope, id, name, maxCalls: field.maxCalls },
  output: {
    scenarios: field.rows("That mention it"),
    scanned: z.int().min(0).describe("Scenarios read"),
  },
  async run({ name, maxCalls, scope, id }, make) {
    const organizationId = scope === "organization" ? id : undefined;
    const uses = await readUses(make, { organizationId, maxCalls });
    const scenarios = usersOf(uses, "variables", `${scope}.${name}`);
    const ofTeam = new Set(
      uses
        .filter(({ scenario }) => scope !== "team" || id === undefined || scenario.teamId === id)
        .map(({ scenario }) => scenario.id),
    );
    return { scenarios: scenarios.filter((each) => ofTeam.has(each.id)), scanned: uses.length };
  },
});

export const variables = [
  variablesList,
  variablesSet,
  variablesDelete,
  variablesHistory,
  variablesUsage,
];
