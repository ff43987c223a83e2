#!/usr/bin/env node
import { failStart } from "#shared/core/lifecycle.ts";
import { runRemembered } from "#shared/mcp/stdio.ts";
import { recall } from "./remembered/memory.ts";

void runRemembered(recall, async () => {
  const { server, haveProcess } = await import("./server.ts");
  haveProcess(failStart);
  return server;
});
