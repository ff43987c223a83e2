// Copied from shared/http-client/errors.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { type ErrorCode, ToolError } from "#shared/core/errors.ts";
import type { HttpClientOptions } from "./options.ts";
import type { Redactor } from "./redact.ts";

/** An API's own words are cut to this many characters. */
export const MAX_DESCRIPTION_CHARS = 500;

/** Who was asked: "GET host/path", without the query and without secrets. */
export interface Subject {
  label: string;
  details: { method: string; endpoint: string };
  redact: Redactor;
}

const STATUS_REACTIONS: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  401: ["PERMISSION_DENIED", "The credentials were not accepted: check them."],
  403: ["PERMISSION_DENIED", "The credentials do not allow this."],
  404: ["NOT_FOUND", "Check the identifiers."],
  409: ["CONFLICT", "Read the present state, then try again."],
  429: ["RATE_LIMITED", "Try again later."],
};

function reactionTo(status: number): readonly [ErrorCode, string] {
  const advice = status >= 500 ? "The service failed: try again later." : "Check the arguments.";
  return STATUS_REACTIONS[status] ?? ["API_ERROR", advice];
}

function describe(hook: HttpClientOptions["describeError"], status: number, text: string) {
  if (hook === undefined) return undefined;
  try {
    let body: unknown = text;
    try {
      body = JSON.parse(text);
    } catch {}
    return hook(status, body);
  } catch {
    // The hook reads what a failing service sent; its own surprise must not hide the status.
    return undefined;
  }
}

/**
 * The error of a response with status 400 or more: code by reaction, message by the API if `hook`
 * can read it, and what the API says of another attempt.
 */
export function statusError(
  subject: Subject,
  answer: { status: number; text: string; retryAfterMs: number | undefined },
  hook: HttpClientOptions["describeError"],
): { error: ToolError; transient: boolean | undefined } {
  const { status, retryAfterMs } = answer;
  const [code, advice] = reactionTo(status);
  const said = describe(hook, status, answer.text);
  // Redacted before it is cut: half a secret is not recognised any more.
  const own =
    said?.message === undefined
      ? ""
      : `: ${subject.redact.text(said.message).slice(0, MAX_DESCRIPTION_CHARS)}`;
  const seconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1_000);
  const when = seconds === undefined ? advice : `Try again in ${seconds} s.`;
  const message = `${subject.label} answered ${status}${own || "."} ${when}`;
  const details = {
    ...subject.redact.details(said?.details ?? {}),
    ...subject.details,
    status,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
  const error = new ToolError(said?.code ?? code, message, { details });
  return { error, transient: said?.transient };
}

/** An error of this subject; `cause` is kept for the log as its redacted text only, whatever it carried. */
export function callError(
  subject: Subject,
  code: ErrorCode,
  what: string,
  cause?: unknown,
): ToolError {
  const lower = cause === undefined ? {} : { cause: new Error(subject.redact.text(String(cause))) };
  return new ToolError(code, `${subject.label} ${what}`, {
    details: { ...subject.details },
    ...lower,
  });
}
