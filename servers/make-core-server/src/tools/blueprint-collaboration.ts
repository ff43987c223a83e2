import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { diffBlueprints, maskDiff } from "#shared/make-api/blueprint-diff.ts";
import { mergeBlueprints } from "#shared/make-api/blueprint-merge.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { readNames } from "#shared/make-api/names.ts";
import { isSame, normalForm } from "#shared/make-api/normal-form.ts";
import { toPortable } from "#shared/make-api/portable.ts";
import { readBlueprints, scan } from "#shared/make-api/scan.ts";
import { scenarioBody } from "#shared/make-api/scenario-body.ts";
import { maskSecrets, secretsInBlueprint } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { dependencyGraph } from "../domain/dependencies.ts";
import { blueprintInput, saveBlueprint } from "../domain/scenario.ts";
import { readUses } from "../domain/using.ts";
import { withAuthors } from "../domain/version-authors.ts";

const tool = toolsOf("blueprint-collaboration");

/** Make keeps versions of a blueprint for so long, days. */
const KEPT_DAYS = 60;
const MAX_VERSION = 1_000_000;

const version = (describe: string) => z.int().min(1).max(MAX_VERSION).optional().describe(describe);

/** The blueprint of a version; the live one without. */
async function readVersion(make: MakeCall, scenarioId: number, blueprintId?: number) {
  const options = { path: { scenarioId }, query: { blueprintId } };
  return await make.get("GET /scenarios/{scenarioId}/blueprint", options);
}

const blueprintsHistory = tool({
  name: "blueprints_history",
  title: "Versions of a blueprint",
  description:
    "Versions of a scenario's blueprint of the last 60 days, with their authors where the audit log tells.",
  access: "read",
  sources: ["api"],
  calls: [
    "GET /scenarios/{scenarioId}/blueprints",
    "GET /audit-logs/organization/{organizationId}",
  ],
  input: {
    scenarioId: field.scenarioId,
    withAuthors: z.boolean().default(true).describe("Ask the audit log"),
  },
  output: { versions: field.rows("Newest first") },
  async run({ scenarioId, withAuthors: asksAuthors }, make) {
    const path = { scenarioId };
    const versions = await make.all("GET /scenarios/{scenarioId}/blueprints", { path });
    versions.sort((a, b) => b.version - a.version);
    make.warn(`Make keeps versions for ${KEPT_DAYS} days.`);
    return { versions: asksAuthors ? await withAuthors(make, scenarioId, versions) : versions };
  },
});

const blueprintsDiff = tool({
  name: "blueprints_diff",
  title: "Compare blueprints",
  description:
    "What differs between two versions of a blueprint, or between a file and the live one: modules added, removed, moved, changed.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios/{scenarioId}/blueprint"],
  input: {
    scenarioId: field.scenarioId,
    from: version("Version; absent, the live one"),
    to: version("Version; absent, the live one"),
    file: blueprintInput.optional().describe("A blueprint to compare with, instead of `to`"),
  },
  output: {
    same: z.boolean().describe("Whether nothing differs"),
    added: field.rows("Modules"),
    removed: field.rows("Modules"),
    changed: field.rows("Modules, with field, from, to"),
    moved: field.rows("Modules in another place"),
    settings: field.rows("Name and settings that differ"),
  },
  async run({ scenarioId, from, to, file }, make) {
    if (file ? to !== undefined : from === to)
      throw new ToolError("VALIDATION_ERROR", "Give two different versions, or one and a file.");
    const before = await readVersion(make, scenarioId, from);
    const after = file ?? (await readVersion(make, scenarioId, to)).blueprint;
    return { ...maskDiff(diffBlueprints(before.blueprint, after)) };
  },
});

const blueprintsExport = tool({
  name: "blueprints_export",
  title: "Export blueprints",
  description:
    "Blueprints for git: keys in order, without what only the editor needs, ids as references by name, secrets masked.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /scenarios/{scenarioId}",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /connections",
    "GET /hooks",
    "GET /keys",
    "GET /data-stores",
    "GET /data-structures",
  ],
  scan: true,
  input: { scenarioIds: field.scenarioIds, maxCalls: field.maxCalls },
  output: { blueprints: field.rows("scenarioId, name, references, secrets masked, blueprint") },
  async run({ scenarioIds, maxCalls }, make) {
    const ids = [...new Set(scenarioIds)];
    const read = (scenarioId: number) =>
      make.get("GET /scenarios/{scenarioId}", { path: { scenarioId } });
    const scenarios = await scan(make, ids, read, { what: "scenarios", maxCalls });
    const blueprints = await readBlueprints(make, scenarios, maxCalls);
    const teamIds = [...new Set(scenarios.flatMap(({ teamId }) => teamId ?? []))];
    const names = await readNames(make, teamIds, scenarios);
    return {
      blueprints: blueprints.map(({ scenario, answer }) => {
        const { value, references } = toPortable(normalForm(answer.blueprint), names);
        return {
          scenarioId: scenario.id,
          name: scenario.name,
          references,
          secretsMasked: secretsInBlueprint(answer.blueprint).length,
          blueprint: maskSecrets(value),
        };
      }),
    };
  },
});

const blueprintsMerge = tool({
  name: "blueprints_merge",
  title: "Merge blueprints",
  description:
    "Three-way merge of a base, the live blueprint and an edited one. Conflicts are returned, nothing is written.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios/{scenarioId}/blueprint"],
  input: {
    scenarioId: field.scenarioId,
    base: blueprintInput.optional(),
    baseVersion: version("Version that the edit began with, instead of `base`"),
    edited: blueprintInput.describe("The blueprint as it was edited"),
    reveal: field.reveal,
  },
  output: {
    merged: field.row("Both changes; where they conflict, what is live"),
    conflicts: field.rows("path, kind, base, live, edited"),
    clean: z.boolean().describe("Whether there is no conflict"),
  },
  async run({ scenarioId, base, baseVersion, edited, reveal }, make) {
    if ((base === undefined) === (baseVersion === undefined))
      throw new ToolError("VALIDATION_ERROR", "Give base or baseVersion, one of the two.");
    const from = base ?? (await readVersion(make, scenarioId, baseVersion)).blueprint;
    const live = (await readVersion(make, scenarioId)).blueprint;
    const { merged, conflicts } = mergeBlueprints(from, live, edited);
    const clean = conflicts.length === 0;
    if (make.reveals(reveal)) return { merged: { ...(merged as object) }, conflicts, clean };
    const masked = maskSecrets(merged);
    if (!isSame(masked, merged))
      make.warn("Secrets are masked: what is written back from this answer would lose them.");
    return { merged: { ...(masked as object) }, conflicts: maskSecrets(conflicts), clean };
  },
});

const blueprintsRestore = tool({
  name: "blueprints_restore",
  title: "Restore a blueprint",
  description:
    "Put an older version of a blueprint back; the live one is saved in MAKE_STATE_DIR first.",
  access: "destroy",
  sources: ["api", "computed"],
  calls: [
    "GET /scenarios/{scenarioId}/blueprints",
    "GET /scenarios/{scenarioId}/blueprint",
    "PATCH /scenarios/{scenarioId}",
  ],
  idempotent: true,
  input: {
    scenarioId: field.scenarioId,
    version: z.int().min(1).max(MAX_VERSION).describe("Of blueprints_history"),
  },
  output: {
    scenarioId: z.int().describe("Scenario"),
    version: z.int().describe("That is live now, as a new version"),
    saved: z.string().nullable().describe("File of the one before, below MAKE_STATE_DIR"),
  },
  async run({ scenarioId, version }, make) {
    const path = { scenarioId };
    const versions = await make.all("GET /scenarios/{scenarioId}/blueprints", { path });
    if (!versions.some((each) => each.version === version))
      throw new ToolError(
        "NOT_FOUND",
        `Scenario ${scenarioId} has no version ${version} that Make still keeps (${KEPT_DAYS} days). See blueprints_history.`,
      );
    const older = await readVersion(make, scenarioId, version);
    const live = await readVersion(make, scenarioId);
    make.confirmed({
      version,
      changes: maskDiff(diffBlueprints(live.blueprint, older.blueprint)),
    });
    const saved = await saveBlueprint(make, scenarioId);
    const body = scenarioBody(older);
    await make.write("PATCH /scenarios/{scenarioId}", { path, body });
    return { scenarioId, version, saved: saved ?? null };
  },
});

const blueprintsDependencies = tool({
  name: "blueprints_dependencies",
  title: "Dependencies of scenarios",
  description:
    "Graph of what scenarios use: connections, webhooks, keys, data stores, variables, other scenarios.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios", "GET /scenarios/{scenarioId}/blueprint"],
  scan: true,
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    maxCalls: field.maxCalls,
  },
  output: { nodes: field.rows("id, kind, name"), edges: field.rows("from, to") },
  async run({ teamId, ...where }, make) {
    const all = await readUses(make, where);
    const wanted = all.filter(({ scenario }) => teamId === undefined || scenario.teamId === teamId);
    const names = new Map(all.map(({ scenario }) => [`scenario:${scenario.id}`, scenario.name]));
    return { ...dependencyGraph(wanted, names) };
  },
});

export const blueprintCollaboration = [
  blueprintsHistory,
  blueprintsDiff,
  blueprintsExport,
  blueprintsMerge,
  blueprintsRestore,
  blueprintsDependencies,
];
