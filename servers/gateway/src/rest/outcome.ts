import type {
  CallToolResult,
  InputRequired,
  JsonObject,
  Outcome,
  RpcError,
} from "#shared/core/contract.ts";
import type { ErrorCode } from "#shared/core/errors.ts";
import { isObject } from "../foreign/wire.ts";
import { DEFINITION_CHANGED } from "../pins/held-back.ts";
import { ARGUMENTS_TOO_LARGE } from "../policy/argument-size.ts";
import { ownError } from "../policy/outcome.ts";
import { type Problem, type ProblemKind, problem } from "./problem.ts";

/** A call's outcome as HTTP has it: the body of a 200, or a problem. */
export type Answer = { body: JsonObject; problem?: never } | { body?: never; problem: Problem };

/** Which problem a tool's own error is. */
const OF_CODE: Record<ErrorCode, ProblemKind> = {
  VALIDATION_ERROR: "invalid-arguments",
  NOT_FOUND: "not-found",
  CONFIG_ERROR: "configuration-missing",
  PERMISSION_DENIED: "forbidden",
  CONFLICT: "conflict",
  RATE_LIMITED: "too-many-requests",
  API_ERROR: "upstream-error",
  TIMEOUT: "timeout",
  CANCELLED: "tool-error",
  UNAVAILABLE: "unavailable",
  UNKNOWN: "internal-error",
};

export function answerOf(outcome: Outcome<CallToolResult | InputRequired>): Answer {
  if (outcome.error) return { problem: protocolProblem(outcome.error) };
  const { result } = outcome;
  if ("inputRequests" in result) {
    const { inputRequests, requestState } = result;
    return {
      problem: problem(
        "input-required",
        "Send the same request again as { arguments, inputResponses, requestState }.",
        { inputRequests, requestState },
      ),
    };
  }
  if (result.isError) return { problem: toolProblem(result) };
  return { body: result.structuredContent ?? { content: result.content } };
}

const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;
const INVALID_REQUEST = -32600;
const PARSE_ERROR = -32700;

/** What the server answers with an error of the protocol. */
function protocolProblem({ code, message, data }: RpcError): Problem {
  const details = isObject(data) ? data : {};
  const own = typeof details.code === "string" ? OF_CODE[details.code as ErrorCode] : undefined;
  if (own) return problem(own, message, retryOf(details));
  switch (code) {
    case INVALID_PARAMS:
      return problem(
        /^Tool .* not found$/.test(message) ? "not-found" : "invalid-arguments",
        message,
      );
    case METHOD_NOT_FOUND:
      return problem("not-found", message);
    case INVALID_REQUEST:
    case PARSE_ERROR:
      return problem("invalid-request", message);
    default:
      // -32020 to -32022: the request does not fit what the server needs of its client
      return code <= -32020 && code >= -32022
        ? problem("invalid-request", message)
        : problem("upstream-error", message);
  }
}

const retryOf = ({ retryAfterSeconds }: Record<string, unknown>) =>
  typeof retryAfterSeconds === "number" ? { retryAfterSeconds } : {};

/** A failed call: by the error that servers of this kind write as JSON, else as it is. */
function toolProblem(result: CallToolResult): Problem {
  const error = ownError(result);
  if (!error) return problem("tool-error", firstText(result), { result });
  const { code, message, details } = error;
  const isHeld = details.reason === DEFINITION_CHANGED;
  const kind = isHeld
    ? "definition-changed"
    : details.reason === ARGUMENTS_TOO_LARGE
      ? "too-large"
      : (OF_CODE[code] ?? "tool-error");
  const issues = Array.isArray(details.issues) ? { errors: details.issues.flatMap(pointed) } : {};
  return problem(kind, message, { code, ...issues, ...retryOf(details), result });
}

const firstText = ({ content }: CallToolResult): string => {
  const found = content.find((block) => block.type === "text");
  return found?.type === "text" ? found.text : "The tool failed without saying why";
};

/** An issue of ours as RFC 6901 points to it. */
function pointed(issue: unknown): { pointer: string; detail: string }[] {
  if (!isObject(issue) || typeof issue.path !== "string") return [];
  const keys = issue.path === "" ? [] : issue.path.split(".");
  const escaped = keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return [{ pointer: `#${escaped.join("")}`, detail: String(issue.message) }];
}
