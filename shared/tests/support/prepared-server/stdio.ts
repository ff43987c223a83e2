import { runPrepared } from "#shared/mcp/stdio.ts";
import lock from "./lock.ts";

void runPrepared(lock, async () => (await import("./server.ts")).server);
