import { runPrepared } from "#shared/mcp/stdio.ts";
import lock from "./lock.ts";

await runPrepared(lock, async () => (await import("./server.ts")).server);
