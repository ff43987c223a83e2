import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { EndpointKey } from "#shared/make-api/endpoints.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { compileRules, namingRules, rulesInput, violationsOf } from "../domain/naming.ts";
import { proposeNames } from "../domain/naming-proposals.ts";
import { KINDS, type Kind, listThings } from "../domain/things.ts";

const tool = toolsOf("naming-convention-policy");

const MAX_ITEMS = 200;

const reads: EndpointKey[] = [
  "GET /scenarios",
  "GET /teams",
  "GET /scenarios-folders",
  "GET /connections",
  "GET /hooks",
  "GET /keys",
];

const scope = {
  organizationId: field.organizationId,
  teamId: field.onlyTeam,
  kinds: z
    .array(z.enum(KINDS))
    .min(1)
    .max(KINDS.length)
    .optional()
    .describe("Absent: those with a rule"),
  rules: rulesInput.optional().describe("Absent: the stored ones (naming_rules)"),
};

type Asked = z.output<z.ZodObject<typeof scope>>;

async function check(make: MakeCall, { kinds, rules, ...where }: Asked) {
  const compiled = compileRules(rules ?? (await namingRules(make).read()).rules);
  const wanted = kinds ?? [...compiled.keys()];
  // folders and scenarios show the prefixes of a team, whatever is checked
  const read = KINDS.filter(
    (kind) => wanted.includes(kind) || kind === "folder" || kind === "scenario",
  );
  const things = await listThings(make, read, where);
  const checked = things.filter(({ kind }) => wanted.includes(kind) && compiled.has(kind));
  return { compiled, things, checked, violations: violationsOf(checked, compiled) };
}

const namingCheck = tool({
  name: "naming_check",
  title: "Check names",
  description:
    "Names of scenarios, folders, connections, hooks, keys and teams that break the rule of their kind.",
  access: "read",
  sources: ["api", "computed", "local"],
  calls: reads,
  input: scope,
  output: {
    checked: z.int().min(0).describe("Names that were checked"),
    violations: field.rows("Kind, id, name, team, rule"),
  },
  async run(input, make) {
    const { checked, violations } = await check(make, input);
    return { checked: checked.length, violations };
  },
});

const namingPropose = tool({
  name: "naming_propose",
  title: "Propose names",
  description:
    "For each name that breaks its rule one that fits: prefix of its folder or team, parts by the rule's template, no name twice. Review them, then naming_apply.",
  access: "read",
  sources: ["api", "computed", "local"],
  calls: reads,
  input: scope,
  output: {
    items: field.rows("kind, id, from, to: for naming_apply"),
    unresolved: field.rows("Names without a proposal, and why"),
  },
  async run(input, make) {
    const { compiled, things, violations } = await check(make, input);
    const proposals = proposeNames(violations, things, compiled);
    return {
      items: proposals.flatMap(({ kind, id, name, to, why }) =>
        to === null ? [] : [{ kind, id, from: name, to, why }],
      ),
      unresolved: proposals.filter(({ to }) => to === null).map(({ to: _, ...rest }) => rest),
    };
  },
});

const item = z.object({
  kind: z.enum(KINDS).describe("What is renamed"),
  id: field.idOf("Of it"),
  from: field.name("Its name now"),
  to: field.name("Its new name"),
});

const namingApply = tool({
  name: "naming_apply",
  title: "Rename",
  description:
    "Rename a reviewed list, each only if it is still called `from`; journalled, so that it can be turned round.",
  access: "write",
  sources: ["api"],
  calls: [
    ...reads,
    "PATCH /scenarios/{scenarioId}",
    "PATCH /scenarios-folders/{folderId}",
    "PATCH /connections/{connectionId}",
    "PATCH /hooks/{hookId}",
    "PATCH /keys/{keyId}",
    "PATCH /teams/{teamId}",
  ],
  input: {
    organizationId: field.organizationId,
    items: z.array(item).min(1).max(MAX_ITEMS).describe("From naming_propose"),
    dryRun: z.boolean().default(true).describe("Only show what would be renamed"),
  },
  output: {
    renamed: field.rows("Kind, id, from, to"),
    skipped: field.rows("Those that are called otherwise by now, or are gone"),
  },
  async run({ items, organizationId }, make) {
    const kinds = [...new Set(items.map(({ kind }) => kind))];
    const things = await listThings(make, kinds, { organizationId });
    const nameOf = (kind: Kind, id: number) =>
      things.find((each) => each.kind === kind && each.id === id)?.name;
    const isSame = (each: z.output<typeof item>) => nameOf(each.kind, each.id) === each.from;
    const renamed = items.filter(isSame);
    const skipped = items
      .filter((each) => !isSame(each))
      .map((each) => ({ ...each, now: nameOf(each.kind, each.id) ?? null }));
    make.confirmed({ wouldRename: renamed, skipped });
    for (const { kind, id, to } of renamed) await rename(make, kind, id, to);
    return { renamed, skipped };
  },
});

async function rename(make: MakeCall, kind: Kind, id: number, name: string): Promise<void> {
  const body = { name };
  if (kind === "scenario")
    await make.write("PATCH /scenarios/{scenarioId}", { path: { scenarioId: id }, body });
  else if (kind === "folder")
    await make.write("PATCH /scenarios-folders/{folderId}", { path: { folderId: id }, body });
  else if (kind === "connection")
    await make.write("PATCH /connections/{connectionId}", { path: { connectionId: id }, body });
  else if (kind === "hook")
    await make.write("PATCH /hooks/{hookId}", { path: { hookId: id }, body });
  else if (kind === "key") await make.write("PATCH /keys/{keyId}", { path: { keyId: id }, body });
  else await make.write("PATCH /teams/{teamId}", { path: { teamId: id }, body });
}

const namingRulesTool = tool({
  name: "naming_rules",
  title: "Naming rules",
  description:
    "Read or store the rules: per kind an RE2 expression for the whole name, and a template for proposals.",
  access: "write",
  local: true,
  idempotent: true,
  sources: ["local"],
  calls: [],
  input: { rules: rulesInput.optional().describe("All rules; absent, only read") },
  output: { rules: field.rows("Kind, pattern, template") },
  async run({ rules }, make) {
    const store = namingRules(make);
    if (rules === undefined) return { rules: (await store.read()).rules };
    compileRules(rules);
    return await store.update(() => ({ value: { rules }, result: { rules } }));
  },
});

export const namingConventionPolicy = [namingCheck, namingPropose, namingApply, namingRulesTool];
