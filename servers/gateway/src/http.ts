#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { runGateway } from "./gateway.ts";
import { packageFolder, siblingServers } from "./settings/folders.ts";

const root = packageFolder(fileURLToPath(import.meta.url));
await runGateway({ argv: process.argv.slice(2), root, servers: siblingServers(root) });
