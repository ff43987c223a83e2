#!/usr/bin/env node
import { runPrepared } from "#shared/mcp/stdio.ts";
import lock from "../tools.lock.json" with { type: "json" };

void runPrepared(lock, async () => (await import("./server.ts")).server);
