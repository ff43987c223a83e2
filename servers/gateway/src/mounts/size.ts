import type { CallToolResult, InputRequired, Outcome } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { toErrorResult } from "#shared/core/result.ts";
import { MAX_MESSAGE_BYTES } from "../link/lines.ts";

type Called = Outcome<CallToolResult | InputRequired>;

/**
 * A result that is too large is answered with an error in its place. Only the texts of its content
 * are counted, which costs nothing: what comes from another thread or process was measured there.
 */
export function withinSize(outcome: Called, now: () => Date): Called {
  if (!outcome.result || !("content" in outcome.result)) return outcome;
  let characters = 0;
  for (const block of outcome.result.content) {
    if (block.type === "text") characters += block.text.length;
    else if ("data" in block) characters += block.data.length;
  }
  if (characters <= MAX_MESSAGE_BYTES) return outcome;
  return { result: toErrorResult(tooLarge(characters), now()) };
}

export const tooLarge = (bytes: number) =>
  new ToolError(
    "VALIDATION_ERROR",
    `The answer has ${bytes} bytes; the gateway takes up to ${MAX_MESSAGE_BYTES}. Ask for less at a time.`,
    { details: { reason: "too_large", bytes, limit: MAX_MESSAGE_BYTES } },
  );
