#!/usr/bin/env node
import { runHttp } from "#shared/mcp/http.ts";
import { rootsFromArguments } from "./roots-from-arguments.ts";
import { server } from "./server.ts";

rootsFromArguments(process.argv.slice(2), process.env);
await runHttp(server);
