import type { Row } from "#shared/make-api/endpoints.ts";
import { ERROR, WARNING } from "./runs.ts";
import { sum } from "./statistics.ts";

type ModuleLog = Row<"GET /scenarios/{scenarioId}/modules/{moduleId}/logs">;

/** Figures of one module over its log rows; bundles are what it gave out, size is in bytes. */
export function moduleFigures(rows: readonly ModuleLog[]) {
  const count = (status: number) => rows.filter((row) => row.status === status).length;
  return {
    runs: rows.length,
    errors: count(ERROR),
    warnings: count(WARNING),
    bundles: sum(rows.map(({ bundles }) => bundles ?? 0)),
    size: sum(rows.map(({ size }) => size ?? 0)),
    lastError: rows.find(({ error }) => error?.message)?.error?.message ?? null,
  };
}
