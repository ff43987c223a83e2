// Copied from shared/core/result.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type * as z from "zod";
import { RichResult } from "./content.ts";
import type { CallToolResult, ContentBlock, JsonObject } from "./contract.ts";
import { errorBody, ToolError } from "./errors.ts";
import { parse } from "./parse.ts";
import { writeResult, writeStructured } from "./result-text.ts";

/** Bytes that one result may have as JSON. Clients and models choke on more; tools page before it. */
export const MAX_RESULT_BYTES = 1_000_000;

/** The structured value goes out twice, once escaped, which at most doubles it. */
const WORST_GROWTH = 3;
/** Bytes of what stands around it, and more. */
const ENVELOPE = 100;

/** Makes the result of a call from what the handler returned. Throws a ToolError when it cannot go out. */
export function toResult(returned: unknown, outputSchema: z.ZodObject | undefined): CallToolResult {
  const rich = returned instanceof RichResult ? returned : undefined;
  const content: ContentBlock[] = [];
  const result: CallToolResult = { content };
  let bytes = 0;
  if (outputSchema) {
    const structured = checkOutput(rich ? rich.structured : returned, outputSchema);
    const json = writeStructured(structured);
    bytes = Buffer.byteLength(json);
    content.push({ type: "text", text: json });
    result.structuredContent = structured;
  }
  if (rich) content.push(...rich.content);
  if (rich?.meta) result._meta = rich.meta;
  const hasMore = rich !== undefined && (rich.content.length > 0 || rich.meta !== undefined);
  if (hasMore || bytes * WORST_GROWTH > MAX_RESULT_BYTES - ENVELOPE) checkSize(result);
  return result;
}

function checkOutput(value: unknown, schema: z.ZodObject): JsonObject {
  const parsed = parse(schema, value);
  if (parsed.success) return parsed.data;
  throw new ToolError(
    "UNKNOWN",
    "The tool made a result that does not fit its own description. Report this.",
    {
      cause: parsed.error,
    },
  );
}

function checkSize(result: CallToolResult): void {
  const bytes = Buffer.byteLength(writeResult(result));
  if (bytes <= MAX_RESULT_BYTES) return;
  throw new ToolError(
    "VALIDATION_ERROR",
    `The result has ${bytes} bytes; one answer carries at most ${MAX_RESULT_BYTES}. Ask for less at a time.`,
    { details: { reason: "too_large", bytes, limit: MAX_RESULT_BYTES } },
  );
}

/** A failed call: the error as JSON text only, because clients check structured content against the output schema. */
export function toErrorResult(error: ToolError, now: Date): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(errorBody(error, now)) }],
    isError: true,
  };
}

/** What was wrong with the input, field by field. */
export function inputError(subject: string, error: z.ZodError): ToolError {
  const issues = error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const shown = issues
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
    .join("; ");
  return new ToolError("VALIDATION_ERROR", `${subject} cannot take this input: ${shown}.`, {
    details: { issues },
  });
}
