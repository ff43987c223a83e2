#!/usr/bin/env node
import { failStart } from "#shared/core/lifecycle.ts";
import { runStdio } from "#shared/mcp/stdio.ts";
import { server, watchMounts } from "./server.ts";

watchMounts(failStart);
await runStdio(server);
