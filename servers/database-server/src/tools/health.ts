import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { Engine } from "../engine/types.ts";
import { HEALTH, type HealthCheck } from "../operations/health-sql.ts";
import { connection, defineDatabaseTool, reading, told } from "./define.ts";

/** Findings of one check that are shown. */
const MAX_FINDINGS = 20;

export const health = defineDatabaseTool({
  name: "health",
  title: "Check a database",
  description: "Faults of indexes, keys, sequences, vacuum, integrity.",
  inputSchema: z.strictObject({ connection }),
  outputSchema: told,
  annotations: reading,
  async handler(input, context) {
    const { engine } = (await context.services.get("databases")).get(input.connection);
    const checks = [];
    let faults = 0;
    for (const check of HEALTH[engine.dialect]) {
      const done = await run(engine, check, context.signal);
      if (!done.ok) faults += done.findings?.length ?? 1;
      checks.push(done);
    }
    return { faults, checks };
  },
});

async function run(engine: Engine, { name, kind, sql }: HealthCheck, signal: AbortSignal) {
  try {
    const rows = await engine.read(sql, [], signal);
    const findings = rows
      .slice(0, MAX_FINDINGS)
      .map((row) => Object.values(row).map(String).join(": "));
    return { name, ok: kind === "number" || rows.length === 0, findings };
  } catch (error) {
    signal.throwIfAborted();
    // one check that the role may not make does not hide the others
    if (!(error instanceof ToolError) || error.code === "UNAVAILABLE") throw error;
    return { name, ok: true, error: error.message };
  }
}
