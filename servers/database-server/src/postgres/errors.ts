import { type ErrorCode, ToolError } from "#shared/core/errors.ts";

/** Classes of SQLSTATE, by what the caller can do: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CODES: readonly (readonly [prefix: string, code: ErrorCode])[] = [
  ["57014", "TIMEOUT"],
  ["55P03", "TIMEOUT"],
  ["25006", "PERMISSION_DENIED"],
  ["42501", "PERMISSION_DENIED"],
  ["28", "PERMISSION_DENIED"],
  ["3D", "NOT_FOUND"],
  ["42P01", "NOT_FOUND"],
  ["42703", "NOT_FOUND"],
  ["08", "UNAVAILABLE"],
  ["53", "UNAVAILABLE"],
  ["57P", "UNAVAILABLE"],
  ["40", "CONFLICT"],
  ["23", "CONFLICT"],
];

const ADVICE: Readonly<Record<string, string>> = {
  "57014": "It took longer than the limit. Ask for less, or add an index.",
  "55P03": "Another session holds a lock that it needs. Try again later.",
  "25006": "This connection only reads.",
  "28P01": "Check the user and the password of the connection.",
};

interface Telling {
  /** Characters that stand before the caller's statement. */
  shift?: number | undefined;
  /** Whether the values of rows that it is about may be told. */
  values?: boolean;
}

/** A failure of the engine or of the way to it, in words that name the connection. */
export function toPostgresError(
  error: unknown,
  connection: string,
  { shift = 0, values = true }: Telling = {},
): ToolError {
  if (error instanceof ToolError) return error;
  const { code = "", message = String(error), hint, position, detail } = fieldsOf(error);
  if (!/^[0-9A-Z]{5}$/.test(code)) return unreachable(error, connection, code, message);
  const found = CODES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? "VALIDATION_ERROR";
  const at = Number(position) - shift;
  const parts = [
    `${connection}: ${message}`,
    ...(at > 0 ? [`at character ${at}`] : []),
    ...[values ? detail : undefined, hint, ADVICE[code]].filter((part) => part !== undefined),
  ];
  return new ToolError(found, `${parts.join(". ").replaceAll("..", ".")}`, {
    details: { reason: "engine", connection, sqlstate: code },
    cause: error,
  });
}

interface Fields {
  code?: string;
  message?: string;
  hint?: string;
  detail?: string;
  position?: string;
}

const fieldsOf = (error: unknown): Fields =>
  typeof error === "object" && error !== null ? (error as Fields) : {};

function unreachable(error: unknown, connection: string, code: string, message: string): ToolError {
  const text = message || code || "no reason given";
  return new ToolError(
    "UNAVAILABLE",
    `${connection}: the server cannot be reached: ${text}. The next call tries again.`,
    {
      details: { reason: "unreachable", connection, ...(code && { code }) },
      cause: error,
    },
  );
}
