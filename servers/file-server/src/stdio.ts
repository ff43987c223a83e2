#!/usr/bin/env node
import { runPrepared } from "#shared/mcp/stdio.ts";
import lock from "../tools.lock.json" with { type: "json" };
import { rootsFromArguments } from "./roots-from-arguments.ts";

rootsFromArguments(process.argv.slice(2), process.env);
void runPrepared(lock, async () => (await import("./server.ts")).server);
