import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { folderTree } from "../domain/folder-tree.ts";

const tool = toolsOf("folders");

/** Make's own. */
export const MAX_FOLDER_NAME = 100;
export const MAX_MOVED = 50;

const folderId = field.idOf("Folder");
const folderName = field.name("Name", MAX_FOLDER_NAME);
const parentId = field.idOf("Folder it stands in");

const foldersTree = tool({
  name: "folders_tree",
  title: "Folder tree",
  description: "Folders of a team with their scenarios counted, sub-folders in their folders.",
  access: "read",
  sources: ["api"],
  calls: ["GET /scenarios-folders"],
  input: {
    teamId: field.teamId,
    depth: z.int().min(1).max(20).default(20).describe("Levels shown"),
  },
  output: { folders: field.rows("Top folders, with folders in them") },
  async run({ teamId, depth }, make) {
    const query = { teamId: make.teamId(teamId) };
    return { folders: folderTree(await make.all("GET /scenarios-folders", { query }), depth) };
  },
});

const foldersCreate = tool({
  name: "folders_create",
  title: "Create a folder",
  description: "Create a folder for scenarios.",
  access: "write",
  sources: ["api"],
  calls: ["POST /scenarios-folders"],
  input: { teamId: field.teamId, name: folderName, parentId: parentId.optional() },
  output: { folder: field.row("What was made") },
  async run({ teamId, name, parentId }, make) {
    const body = { name, teamId: make.teamId(teamId), ...(parentId !== undefined && { parentId }) };
    return { folder: await make.write("POST /scenarios-folders", { body }) };
  },
});

const foldersUpdate = tool({
  name: "folders_update",
  title: "Change a folder",
  description: "Rename a folder, or move it into another one.",
  access: "write",
  sources: ["api"],
  calls: ["PATCH /scenarios-folders/{folderId}"],
  idempotent: true,
  input: {
    folderId,
    name: folderName.optional(),
    parentId: parentId.nullable().optional().describe("Folder it stands in; null for the top"),
  },
  output: { folder: field.row("As it is now") },
  async run({ folderId, ...body }, make) {
    if (body.name === undefined && body.parentId === undefined)
      throw new ToolError("VALIDATION_ERROR", "Give a name, a parentId or both.");
    const options = { path: { folderId }, body };
    return { folder: await make.write("PATCH /scenarios-folders/{folderId}", options) };
  },
});

const foldersDelete = tool({
  name: "folders_delete",
  title: "Delete a folder",
  description: "Delete a folder; its scenarios stay and stand in no folder.",
  access: "destroy",
  sources: ["api"],
  calls: ["GET /scenarios-folders", "DELETE /scenarios-folders/{folderId}"],
  input: { folderId, teamId: field.teamId },
  output: { deleted: field.row("The folder that was") },
  async run({ folderId, teamId }, make) {
    const query = { teamId: make.teamId(teamId) };
    const folders = await make.all("GET /scenarios-folders", { query });
    const folder = folders.find(({ id }) => id === folderId);
    if (!folder)
      throw new ToolError("NOT_FOUND", `Team ${query.teamId} has no folder ${folderId}.`);
    make.confirmed({ wouldDelete: folder, scenariosThatStay: folder.scenariosTotal ?? null });
    await make.write("DELETE /scenarios-folders/{folderId}", { path: { folderId } });
    return { deleted: folder };
  },
});

const foldersMoveScenarios = tool({
  name: "folders_move_scenarios",
  title: "Move scenarios",
  description: "Move scenarios into a folder, or out of all folders. Shows the moves first.",
  access: "write",
  sources: ["api"],
  calls: ["GET /scenarios/{scenarioId}", "PATCH /scenarios/{scenarioId}"],
  idempotent: true,
  input: {
    folderId: folderId.nullable().describe("Folder; null for none"),
    scenarioIds: z.array(field.scenarioId).min(1).max(MAX_MOVED).describe("Scenarios"),
    dryRun: z.boolean().default(true).describe("false: do it. Else only show what would be done"),
  },
  output: { moved: field.rows("Scenario, from, to") },
  async run({ folderId, scenarioIds }, make) {
    const moves = [];
    for (const scenarioId of new Set(scenarioIds)) {
      const path = { scenarioId };
      const { name, folderId: from } = await make.get("GET /scenarios/{scenarioId}", { path });
      moves.push({ scenarioId, name, from: from ?? null, to: folderId });
    }
    const needed = moves.filter(({ from, to }) => from !== to);
    make.confirmed({ moves: needed, unchanged: moves.length - needed.length });
    for (const { scenarioId } of needed) {
      const options = { path: { scenarioId }, body: { folderId } };
      await make.write("PATCH /scenarios/{scenarioId}", options);
    }
    return { moved: needed };
  },
});

export const folders = [
  foldersTree,
  foldersCreate,
  foldersUpdate,
  foldersDelete,
  foldersMoveScenarios,
];
