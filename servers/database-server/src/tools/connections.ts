import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { Database } from "../connections/databases.ts";
import { defineDatabaseTool, reading, told } from "./define.ts";

/** Milliseconds that each connection gets to answer. */
const PING_MS = 5_000;

export const connections = defineDatabaseTool({
  name: "connections",
  title: "List connections",
  description:
    "Databases this server can reach: name, engine, mode; with check also version or error.",
  inputSchema: z.strictObject({
    check: z.boolean().default(false).describe("Connect to each"),
  }),
  outputSchema: told,
  annotations: reading,
  async handler({ check }, context) {
    const { all } = await context.services.get("databases");
    const connections = await Promise.all(
      all.map(async (database) => ({
        ...describe(database),
        ...(check && (await ping(database, context.signal))),
      })),
    );
    return { connections };
  },
});

function describe({ name, mode, sample, spec }: Database) {
  const database = "host" in spec ? spec.database : spec.path;
  return { name, engine: spec.engine, mode, ...(sample ? { sample } : database && { database }) };
}

async function ping({ engine }: Database, signal: AbortSignal) {
  try {
    return {
      version: await engine.version(AbortSignal.any([signal, AbortSignal.timeout(PING_MS)])),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { error: error instanceof ToolError ? error.message : "no answer" };
  }
}
