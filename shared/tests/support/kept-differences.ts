import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "#shared/core/contract.ts";
import { isDeeperThan, MAX_JSON_DEPTH } from "#shared/mcp/guards.ts";
import type { Received, Sent } from "./exchange-http.ts";

export interface Exchange {
  sent: Sent;
  deployed: Received;
  sdk: Received;
}

export interface KeptDifference {
  reason: string;
  covers(exchange: Exchange): boolean;
}

const errorCode = ({ messages: [message] }: Received) => {
  const error =
    typeof message === "object" && message !== null && "error" in message && message.error;
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
};

const refuses = (received: Received, status: number, code: number) =>
  received.status === status &&
  received.type === "application/json" &&
  errorCode(received) === code;

const textOf = ({ body }: Sent) => (typeof body === "string" ? body : JSON.stringify(body));
const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const isPost = ({ method }: Sent) => method === "POST";

const ENDED_ERROR = -32_042;

/** An answer without what is kept apart on every channel: see the reason of the error -32042 below. */
export function withoutEndedError(answer: JsonObject): JsonObject {
  const { code, message } = Object(answer.error);
  const isAdvice = code === -32_603 && String(message).startsWith("URL elicitation cannot be");
  return code === ENDED_ERROR || isAdvice ? { id: answer.id, ended: true } : answer;
}

/** All in which the server as deployed answers otherwise than the SDK alone. */
export const KEPT_DIFFERENCES: readonly KeptDifference[] = [
  {
    reason:
      "Before 2026-07-28 the SDK answers every request with a stream; an answer that nothing precedes goes out as the JSON it is",
    covers: ({ deployed, sdk }) =>
      sdk.status === 200 &&
      sdk.type === "text/event-stream" &&
      sdk.messages.length === 1 &&
      deployed.status === 200 &&
      deployed.type === "application/json" &&
      deployed.allow === undefined &&
      isDeepStrictEqual(deployed.messages, sdk.messages),
  },
  {
    reason: "Methods other than POST are refused in front, in words that say what to do",
    covers: ({ sent, deployed, sdk }) =>
      !isPost(sent) &&
      [deployed, sdk].every((side) => side.allow === "POST") &&
      [deployed, sdk].every((side) => refuses(side, 405, -32_000)),
  },
  {
    reason: "Batches ended with 2025-03-26: they are refused in front, whatever is in them",
    covers: ({ sent, deployed }) => {
      const text = textOf(sent);
      return (
        isPost(sent) &&
        isJson(text) &&
        Array.isArray(JSON.parse(text)) &&
        refuses(deployed, 400, -32_600)
      );
    },
  },
  {
    reason:
      "A body that is JSON but no object is refused in front, before its headers are looked at",
    covers: ({ sent, deployed, sdk }) => {
      const text = textOf(sent);
      if (!isPost(sent) || !isJson(text)) return false;
      const body: unknown = JSON.parse(text);
      const isObject = typeof body === "object" && body !== null;
      return !isObject && refuses(deployed, 400, -32_600) && sdk.status >= 400 && sdk.status < 500;
    },
  },
  {
    reason: "A body that is no JSON is refused in front, before its headers are looked at",
    covers: ({ sent, deployed, sdk }) =>
      isPost(sent) &&
      !isJson(textOf(sent)) &&
      refuses(deployed, 400, -32_700) &&
      (refuses(sdk, 400, -32_700) || refuses(sdk, 406, -32_000) || refuses(sdk, 415, -32_000)),
  },
  {
    reason: "A byte order mark is no JSON (RFC 8259); the SDK drops it",
    covers: ({ sent, deployed }) =>
      isPost(sent) && textOf(sent).startsWith("\ufeff") && refuses(deployed, 400, -32_700),
  },
  {
    reason: "Deep JSON is refused in front, because handlers and validators recurse",
    covers: ({ sent, deployed }) =>
      isPost(sent) && isDeeperThan(textOf(sent), MAX_JSON_DEPTH) && refuses(deployed, 400, -32_600),
  },
  {
    reason:
      "A tool that throws the error -32042, which 2026-07-28 no longer has: the SDK puts advice to the author of the tool in its place",
    covers: ({ sent, deployed, sdk }) =>
      textOf(sent).includes(`"code":${ENDED_ERROR}`) &&
      errorCode(deployed) === ENDED_ERROR &&
      errorCode(sdk) === -32_603,
  },
];

/** How the two answers come together: equal, kept apart for a reason, or undefined for neither. */
export function verdictOn(exchange: Exchange): "equal" | KeptDifference | undefined {
  if (isDeepStrictEqual(exchange.deployed, exchange.sdk)) return "equal";
  return KEPT_DIFFERENCES.find(({ covers }) => covers(exchange));
}
