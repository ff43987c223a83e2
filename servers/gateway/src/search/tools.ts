import type { ToolListing } from "#shared/core/contract.ts";

/** Tools that one search may return. */
export const MAX_FOUND = 50;
export const DEFAULT_FOUND = 10;
export const MAX_QUERY_LENGTH = 400;

const reading = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
const name = { type: "string", minLength: 1, maxLength: 128, description: "Name of the tool" };

/** What a client sees in place of many tools. */
export const SEARCH_TOOLS: readonly ToolListing[] = [
  {
    name: "search_tools",
    title: "Search tools",
    description: "Find tools by words of what they do. Call it first: the tools are not listed.",
    inputSchema: {
      type: "object",
      properties: {
        query: {
          type: "string",
          minLength: 1,
          maxLength: MAX_QUERY_LENGTH,
          description: "Words of what the tool should do",
        },
        limit: {
          type: "integer",
          minimum: 1,
          maximum: MAX_FOUND,
          default: DEFAULT_FOUND,
          description: "Tools to return at most",
        },
      },
      required: ["query"],
      additionalProperties: false,
    },
    annotations: reading,
  },
  {
    name: "describe_tool",
    title: "Describe a tool",
    description: "Show one tool whole, with the schema of its arguments.",
    inputSchema: {
      type: "object",
      properties: { name },
      required: ["name"],
      additionalProperties: false,
    },
    annotations: reading,
  },
  {
    name: "call_tool",
    title: "Call a tool",
    description: "Call a tool that search_tools found, with arguments as describe_tool shows them.",
    inputSchema: {
      type: "object",
      properties: {
        name,
        arguments: { type: "object", description: "Arguments of the tool" },
      },
      required: ["name"],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    },
  },
];
