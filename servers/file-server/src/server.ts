import { defineServer } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
import { config } from "./config.ts";
import { services } from "./services.ts";
import { listDirectory } from "./tools/list-directory.ts";
import { readTextFile } from "./tools/read-text-file.ts";
import { searchFiles } from "./tools/search-files.ts";

export const server = defineServer({
  manifest,
  instructions:
    'Works in the folders its owner allows. Paths are relative to the first of them ("." is it) or absolute; a path that a tool shows can be given to every other. Find files with search_files, read parts of large ones with start_line, head, tail or offset.',
  config,
  services,
  tools: [listDirectory, readTextFile, searchFiles],
});

export default server;
