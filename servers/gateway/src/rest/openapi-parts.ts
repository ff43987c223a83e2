import type { JsonObject } from "#shared/core/contract.ts";
import { PROBLEMS } from "./problem.ts";

const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
});
const text = { type: "string" };
const anything = { type: "object", additionalProperties: true };

const contentBlocks = { type: "array", items: object({ type: text }, ["type"]) };

/** Schemas that every document has. */
export const FIXED_SCHEMAS: Record<string, JsonObject> = {
  Content: object({ content: contentBlocks }, ["content"]),
  CallToolResult: object({ content: contentBlocks, structuredContent: anything }),
  ToolList: object(
    {
      server: text,
      state: text,
      tools: { type: "array", items: object({ name: text, description: text }, ["name"]) },
    },
    ["server", "state", "tools"],
  ),
  Problem: object(
    {
      type: { ...text, description: `One of ${Object.keys(PROBLEMS).join(", ")}, as a URN` },
      title: text,
      status: { type: "integer" },
      detail: text,
      code: { ...text, description: "The tool's own code" },
      errors: {
        type: "array",
        items: object({ pointer: text, detail: text }, ["pointer", "detail"]),
        description: "What is wrong with the arguments",
      },
      retryAfterSeconds: { type: "integer" },
      result: { ...anything, description: "The tool's result, whole" },
      inputRequests: { ...anything, description: "What the tool asks, by key" },
      requestState: { ...text, description: "To be sent again with the answers" },
    },
    ["type", "title", "status", "detail"],
  ),
};

const answered = (description: string): JsonObject => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

export const problemResponses = (): JsonObject => ({
  InputRequired: answered("The tool has a question: send the request again with the answers"),
  Invalid: answered("The arguments are not valid, or the tool failed"),
  Unavailable: {
    ...answered("The server is not available just now"),
    headers: { "Retry-After": { schema: { type: "integer" }, description: "Seconds" } },
  },
  Problem: answered("A problem as RFC 9457 words it"),
});
