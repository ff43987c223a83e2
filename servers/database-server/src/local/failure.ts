import { type ErrorCode, ToolError } from "#shared/core/errors.ts";
import type { Failure } from "./messages.ts";

/** What SQLite says, and what a caller can do about it. */
const KINDS: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  [/no such (table|column|index|view)/, "NOT_FOUND"],
  [/ENOENT/, "NOT_FOUND"],
  [/EACCES|readonly|read-only/i, "PERMISSION_DENIED"],
  [/locked|busy/, "CONFLICT"],
  [/constraint failed/, "CONFLICT"],
  [/disk is full|disk I\/O|unable to open|malformed|not a database|out of memory/, "UNAVAILABLE"],
];

/** An error as data, for the way to the parent process. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ToolError) {
    const { code, message, details } = error;
    return { code, message, details };
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = KINDS.find(([pattern]) => pattern.test(message))?.[1] ?? "VALIDATION_ERROR";
  return { code, message, details: { reason: "engine" } };
}
