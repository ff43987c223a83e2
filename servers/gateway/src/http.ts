#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { runGateway } from "./gateway.ts";
import { packageFolder, siblingServers } from "./settings/folders.ts";

await runGateway({
  argv: process.argv.slice(2),
  root: process.cwd(),
  servers: siblingServers(packageFolder(fileURLToPath(import.meta.url))),
});
