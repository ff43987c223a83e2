// Copied from shared/core/errors.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** What went wrong, in the words a caller can act on. The list is closed: clients may switch on it. */
export const ERROR_CODES = [
  "VALIDATION_ERROR",
  "NOT_FOUND",
  "CONFIG_ERROR",
  "PERMISSION_DENIED",
  "CONFLICT",
  "RATE_LIMITED",
  "API_ERROR",
  "TIMEOUT",
  "CANCELLED",
  "UNAVAILABLE",
  "UNKNOWN",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ToolErrorOptions {
  /** Plain JSON for programs; `details.reason` is the stable sub-code where a tool has several. */
  details?: Record<string, unknown>;
  /** The lower error, for the log only; it never reaches the client. */
  cause?: unknown;
}

/**
 * The one error a handler throws on purpose. `message` is shown to the caller, so it says what to
 * do next and never holds a secret.
 */
export class ToolError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: ToolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ToolError";
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The environment is wrong: every fault at once, one a line. Stops the start. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map((fault) => `  ${fault}`).join("\n")}`,
    );
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** The body of a failed call, as clients see it. */
export interface ErrorBody {
  success: false;
  error: { code: ErrorCode; message: string; details: Record<string, unknown>; timestamp: string };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}

/**
 * Turns whatever a handler threw into the ToolError that is reported. Errors that are not ours
 * keep their text for the log (as `cause`), not for the client: it may hold paths or secrets.
 */
export function toToolError(error: unknown, signal?: AbortSignal): ToolError {
  if (error instanceof ToolError) return error;
  if (isAbort(error) || signal?.aborted) {
    const timedOut =
      (error instanceof Error && error.name === "TimeoutError") ||
      (signal?.reason instanceof Error && signal.reason.name === "TimeoutError");
    return timedOut
      ? new ToolError(
          "TIMEOUT",
          "The call took too long and was stopped. Ask for less, or try again.",
          { cause: error },
        )
      : new ToolError("CANCELLED", "The call was cancelled.", { cause: error });
  }
  return new ToolError(
    "UNKNOWN",
    "The tool failed in a way it did not foresee. Try again; if it fails again, report it with the time of this call.",
    { cause: error },
  );
}

/** The error body of the protocol: see ErrorBody. `now` makes results repeatable. */
export function errorBody(error: ToolError, now: Date): ErrorBody {
  const { code, message, details } = error;
  return { success: false, error: { code, message, details, timestamp: now.toISOString() } };
}
