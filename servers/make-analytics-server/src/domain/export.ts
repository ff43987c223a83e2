import { createHash } from "node:crypto";
import { join } from "node:path";
import type { MakeCall } from "#shared/make-api/call.ts";
import { updateFile } from "#shared/make-api/locked-file.ts";

export type Format = "csv" | "jsonl";

const NEEDS_QUOTES = /[",\r\n]/;
/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV (RFC 4180) with the names of all fields first, or as one JSON object a line. */
export function render(rows: readonly Record<string, unknown>[], format: Format): string {
  if (format === "jsonl") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

/** Writes a file into the `exports` folder of MAKE_STATE_DIR; says where, how large, and its SHA-256. */
export async function writeExport(make: MakeCall, name: string, text: string) {
  make.context.require("MAKE_STATE_DIR");
  const file = join(make.context.config.MAKE_STATE_DIR ?? "", "exports", name);
  await updateFile(file, () => ({ text, result: undefined }));
  return {
    file,
    bytes: Buffer.byteLength(text),
    sha256: createHash("sha256").update(text).digest("hex"),
  };
}

/** "2026-11-20T000000Z", which every file system takes. */
export const stamp = (now: Date): string =>
  `${now.toISOString().slice(0, 19).replaceAll(":", "")}Z`;
