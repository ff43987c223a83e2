import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerModule } from "#shared/core/contract.ts";
import { ensureBuilt } from "../shared/testing/build.ts";

await ensureBuilt();
const url = pathToFileURL(resolve("dist/server.js")).href;

/** The server that users install: from source, each process of an engine would be compiled when it starts. */
export const { server }: { server: ServerModule } = await import(url);
