#!/usr/bin/env node
import { runHttp } from "#shared/mcp/http.ts";
import { server } from "./server.ts";

await runHttp(server);
