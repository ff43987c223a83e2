import { ToolError } from "#shared/core/errors.ts";

/** What the guard says of a statement that it does not let through. */
export function refuse(reason: string, message: string): ToolError {
  return new ToolError("PERMISSION_DENIED", message, { details: { reason } });
}

/** A place in a result that this statement, or this engine, cannot find. */
export const wrongCursor = () =>
  refuse("cursor", "The cursor is of another statement. Start again without it.");
