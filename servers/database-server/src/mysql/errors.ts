import { type ErrorCode, ToolError } from "#shared/core/errors.ts";

/** Numbers of errors, by what the caller can do: https://mariadb.com/kb/en/mariadb-error-codes/ */
const CODES: Readonly<Record<number, ErrorCode>> = {
  1044: "PERMISSION_DENIED",
  1045: "PERMISSION_DENIED",
  1142: "PERMISSION_DENIED",
  1143: "PERMISSION_DENIED",
  1227: "PERMISSION_DENIED",
  1290: "PERMISSION_DENIED",
  1370: "PERMISSION_DENIED",
  1792: "PERMISSION_DENIED",
  1698: "PERMISSION_DENIED",
  1049: "NOT_FOUND",
  1054: "NOT_FOUND",
  1109: "NOT_FOUND",
  1146: "NOT_FOUND",
  1205: "TIMEOUT",
  1317: "TIMEOUT",
  1969: "TIMEOUT",
  3024: "TIMEOUT",
  1040: "UNAVAILABLE",
  1203: "UNAVAILABLE",
  1021: "UNAVAILABLE",
  1062: "CONFLICT",
  1213: "CONFLICT",
  1451: "CONFLICT",
  1452: "CONFLICT",
};

const ADVICE: Partial<Record<number, string>> = {
  1045: "Check the user and the password of the connection.",
  1698: "Check the user and the password of the connection.",
  1792: "This connection only reads.",
  1969: "It took longer than the limit. Ask for less, or add an index.",
  3024: "It took longer than the limit. Ask for less, or add an index.",
};

interface Fields {
  errno?: number;
  code?: string;
  sqlMessage?: string;
  message?: string;
  fatal?: boolean;
}

/** A failure of the engine or of the way to it, in words that name the connection. */
export function toMysqlError(error: unknown, connection: string): ToolError {
  if (error instanceof ToolError) return error;
  const fields: Fields = typeof error === "object" && error !== null ? error : {};
  const { errno = 0, code = "", sqlMessage, message = String(error) } = fields;
  if (sqlMessage === undefined) return unreachable(error, connection, code, message);
  const advice = ADVICE[errno];
  const text = `${connection}: ${sqlMessage}${advice === undefined ? "" : `. ${advice}`}`;
  return new ToolError(CODES[errno] ?? "VALIDATION_ERROR", text, {
    details: { reason: "engine", connection, errno, sqlstate: code },
    cause: error,
  });
}

function unreachable(error: unknown, connection: string, code: string, message: string): ToolError {
  const text = message || code || "no reason given";
  return new ToolError(
    "UNAVAILABLE",
    `${connection}: the server cannot be reached: ${text}. The next call tries again.`,
    { details: { reason: "unreachable", connection, ...(code && { code }) }, cause: error },
  );
}
