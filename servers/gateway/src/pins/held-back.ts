import { ToolError } from "#shared/core/errors.ts";

/** The stable sub-code of a tool whose definition is held back. */
export const DEFINITION_CHANGED = "definition_changed";

/** What a caller is told who knows a tool from before its definition changed. */
export const heldBack = (server: string, tool: string): ToolError =>
  new ToolError(
    "UNAVAILABLE",
    `The definition of ${tool} changed since it was approved, so ${server} does not offer it until whoever runs this gateway has looked at the change. Use another tool, or tell them.`,
    { details: { reason: DEFINITION_CHANGED, server, tool } },
  );
