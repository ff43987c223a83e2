import type { ServerResponse } from "node:http";

/** A failure as RFC 9457 words it. */
export interface Problem {
  /** Stable: programs may switch on it. */
  type: string;
  title: string;
  status: number;
  detail: string;
  [extension: string]: unknown;
}

const PREFIX = "urn:flotilla:problem:";

/** Every kind there is, with its status and what it means. */
export const PROBLEMS = {
  "parse-error": [400, "The body is not JSON"],
  "invalid-request": [400, "The request is not valid"],
  unauthorized: [401, "A credential is needed"],
  "insufficient-scope": [403, "The credential is not for that"],
  forbidden: [403, "The tool refuses that"],
  "not-found": [404, "There is no such thing"],
  "method-not-allowed": [405, "The method is not allowed here"],
  "not-acceptable": [406, "No answer of that kind"],
  "input-required": [409, "The tool has a question"],
  conflict: [409, "It conflicts with what is there"],
  "too-large": [413, "The body is too large"],
  "unsupported-media-type": [415, "The body is not sent as JSON"],
  "invalid-arguments": [422, "The arguments are not valid"],
  "tool-error": [422, "The tool failed"],
  "definition-changed": [423, "The tool is held back"],
  "configuration-missing": [424, "The server lacks configuration"],
  "too-many-requests": [429, "Too many requests"],
  "internal-error": [500, "Something failed that was not foreseen"],
  "upstream-error": [502, "What the server depends on failed"],
  unavailable: [503, "The server is not available"],
  timeout: [504, "The call took too long"],
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

export function problem(
  kind: ProblemKind,
  detail: string,
  extensions: Record<string, unknown> = {},
): Problem {
  const [status, title] = PROBLEMS[kind];
  return { type: PREFIX + kind, title, status, detail, ...extensions };
}

/** Seconds after which a call may succeed, when the problem says so. */
export const retryAfter = ({ retryAfterSeconds }: Problem): Record<string, string> =>
  typeof retryAfterSeconds === "number" ? { "retry-after": String(retryAfterSeconds) } : {};

export function sendProblem(
  response: ServerResponse,
  found: Problem,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify(found);
  response.writeHead(found.status, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    ...retryAfter(found),
    ...headers,
  });
  response.end(body);
}
