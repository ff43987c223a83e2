import { defineServer } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
import { config } from "./config.ts";
import { fileResource } from "./resources/file.ts";
import { services } from "./services.ts";
import { copyPath } from "./tools/copy-path.ts";
import { createArchive } from "./tools/create-archive.ts";
import { createDirectory } from "./tools/create-directory.ts";
import { deletePath } from "./tools/delete-path.ts";
import { directoryTree } from "./tools/directory-tree.ts";
import { editFile } from "./tools/edit-file.ts";
import { extractArchive } from "./tools/extract-archive.ts";
import { getFileInfo } from "./tools/get-file-info.ts";
import { listArchive } from "./tools/list-archive.ts";
import { listDirectory } from "./tools/list-directory.ts";
import { listRoots } from "./tools/list-roots.ts";
import { movePath } from "./tools/move-path.ts";
import { readManyFiles } from "./tools/read-many-files.ts";
import { readMediaFile } from "./tools/read-media-file.ts";
import { readTextFile } from "./tools/read-text-file.ts";
import { searchFiles } from "./tools/search-files.ts";
import { searchText } from "./tools/search-text.ts";
import { undoChanges } from "./tools/undo-changes.ts";
import { writeFile } from "./tools/write-file.ts";

export const server = defineServer({
  manifest,
  instructions:
    'Works in the folders its owner allows. Paths are relative to the first of them ("." is it) or absolute; a path that a tool shows can be given to every other. Find files with search_files, read parts of large ones with start_line, head, tail or offset.',
  config,
  services,
  resources: [fileResource],
  features: { subscribe: true, completions: true },
  tools: [
    listRoots,
    listDirectory,
    directoryTree,
    searchFiles,
    searchText,
    readTextFile,
    readManyFiles,
    readMediaFile,
    getFileInfo,
    listArchive,
    writeFile,
    editFile,
    createDirectory,
    movePath,
    copyPath,
    deletePath,
    createArchive,
    extractArchive,
    undoChanges,
  ],
});

export default server;
