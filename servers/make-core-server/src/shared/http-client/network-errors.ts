// Copied from shared/http-client/network-errors.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { type ErrorCode, ToolError } from "#shared/core/errors.ts";
import { callError, type Subject } from "./errors.ts";
import type { Failure } from "./retry.ts";

type Reaction = readonly [code: ErrorCode, what: string, transient: boolean];

const UNREACHABLE: Reaction = [
  "UNAVAILABLE",
  "could not be reached. Check the address and the network, or try again later.",
  true,
];
const BROKEN: Reaction = ["UNAVAILABLE", "broke the connection. Try again later.", true];

/**
 * Codes of Node and of undici (its docs/api/Errors.md). A timeout after the request was sent is not
 * transient: the service is likely to be slow again, and the deadline is better left to the caller.
 */
const REACTIONS: Readonly<Record<string, Reaction>> = {
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ENETDOWN: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  ECONNRESET: BROKEN,
  EPIPE: BROKEN,
  UND_ERR_SOCKET: BROKEN,
  UND_ERR_CLOSED: ["UNAVAILABLE", "was not asked: this client is closed.", false],
  UND_ERR_DESTROYED: ["UNAVAILABLE", "was not asked: this client is closed.", false],
  UND_ERR_CONNECT_TIMEOUT: [
    "TIMEOUT",
    "did not accept a connection in time. Try again later.",
    true,
  ],
  UND_ERR_HEADERS_TIMEOUT: [
    "TIMEOUT",
    "did not answer in time. Ask for less, or try again later.",
    false,
  ],
  UND_ERR_BODY_TIMEOUT: ["TIMEOUT", "stopped in the middle of its answer. Try again later.", false],
  UND_ERR_INVALID_ARG: [
    "VALIDATION_ERROR",
    "cannot be sent: a header or its address is malformed.",
    false,
  ],
};

const UNKNOWN_FAULT: Reaction = [
  "API_ERROR",
  "gave an answer that is not valid HTTP, or could not be secured. Try again later.",
  false,
];

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

function reactionTo(error: unknown): Reaction {
  const code = codeOf(error);
  if (/^CERT_|^ERR_TLS_|_CERT|^UNABLE_TO_VERIFY/.test(code)) {
    return [
      "UNAVAILABLE",
      "could not prove its identity: its TLS certificate is not trusted here.",
      false,
    ];
  }
  // undici's redirect handler has no codes of its own; the address asked first is known to be good.
  const text = error instanceof Error ? error.message : "";
  if (text.startsWith("Redirect loop"))
    return ["API_ERROR", "redirects in a loop. Check the address.", false];
  if (/^Invalid URL/.test(text))
    return ["API_ERROR", "redirects to an address that is none. Try again later.", false];
  return REACTIONS[code] ?? UNKNOWN_FAULT;
}

/** What undici threw, as the ToolError of this subject and whether another attempt may help. */
export function networkFailure(subject: Subject, error: unknown, maxBytes: number): Failure {
  if (error instanceof ToolError) return { ok: false, error, transient: false };
  if (codeOf(error) === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return { ok: false, error: tooLarge(subject, maxBytes), transient: false };
  }
  const [code, what, transient] = reactionTo(error);
  return { ok: false, error: callError(subject, code, what, error), transient };
}

/** The error of a body over the cap. */
export function tooLarge(subject: Subject, maxBytes: number): ToolError {
  return callError(
    subject,
    "API_ERROR",
    `answered with more than ${maxBytes} bytes. Ask for less: a filter, a page, a smaller range.`,
  );
}
