import type { CallToolResult, InputRequired, Outcome } from "#shared/core/contract.ts";
import type { ErrorCode } from "#shared/core/errors.ts";
import type { Outcome as Ended } from "../activity/counts.ts";
import { isObject } from "../foreign/wire.ts";

/** The error that servers of this kind write as JSON into a failed result. */
export interface OwnError {
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
}

export function ownError(result: CallToolResult): OwnError | undefined {
  const [first] = result.content;
  if (first?.type !== "text") return undefined;
  try {
    const body: unknown = JSON.parse(first.text);
    const error = isObject(body) && body.success === false ? body.error : undefined;
    if (!isObject(error) || typeof error.message !== "string") return undefined;
    const details = isObject(error.details) ? error.details : {};
    return { code: String(error.code) as ErrorCode, message: error.message, details };
  } catch {
    return undefined;
  }
}

const OF_CODE: Partial<Record<ErrorCode, Ended>> = {
  TIMEOUT: "timeout",
  CANCELLED: "cancelled",
  RATE_LIMITED: "rate_limited",
};

export interface HowEnded {
  outcome: Ended;
  reason: string | undefined;
  /** Characters of the content. */
  answered: number;
}

type Request = Outcome<CallToolResult | InputRequired | object>;

/** How a request ended, as it is counted. A reason is a code, never a text that came from a server. */
export function howEnded({ result, error }: Request): HowEnded {
  if (error) {
    const code = isObject(error.data) ? String(error.data.code ?? "") : "";
    const outcome = OF_CODE[code as ErrorCode] ?? "protocol_error";
    return { outcome, reason: OF_CODE[code as ErrorCode] ? code : String(error.code), answered: 0 };
  }
  if (!("content" in result)) return { outcome: "ok", reason: undefined, answered: 0 };
  const answered = charactersOf(result);
  if (!result.isError) return { outcome: "ok", reason: undefined, answered };
  const code = ownError(result)?.code;
  return { outcome: (code && OF_CODE[code]) ?? "tool_error", reason: code, answered };
}

/** Counting the texts costs nothing; writing the result as JSON once more would. */
function charactersOf({ content }: CallToolResult): number {
  let characters = 0;
  for (const block of content) {
    if (block.type === "text") characters += block.text.length;
    else if ("data" in block) characters += block.data.length;
  }
  return characters;
}
