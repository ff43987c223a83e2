import { ToolError } from "#shared/core/errors.ts";
import type { Session } from "./session.ts";

/** Tells the planner about indexes, by the extension hypopg, until the connection ends. */
export async function imagine(session: Session, indexes: readonly string[]): Promise<void> {
  const { rows } = await session.run(
    "SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'hypopg'",
  );
  if (rows.length === 0)
    throw new ToolError(
      "UNAVAILABLE",
      "This database cannot imagine indexes: the extension hypopg is not installed in it (CREATE EXTENSION hypopg).",
      { details: { reason: "no_hypothetical_indexes" } },
    );
  for (const statement of indexes) await session.run("SELECT hypopg_create_index($1)", [statement]);
}
