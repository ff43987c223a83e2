import { ToolError } from "#shared/core/errors.ts";

/** Throws when a change touches more rows than its caller allows; thrown inside the transaction, it undoes it. */
export function requireFewer(rows: number, maxRows: number): void {
  if (rows <= maxRows) return;
  throw new ToolError(
    "VALIDATION_ERROR",
    `The change touches ${rows} rows; at most ${maxRows} are allowed. Nothing was changed. Narrow it, or raise max_affected_rows.`,
    { details: { reason: "too_many_rows", rows, maxRows } },
  );
}
