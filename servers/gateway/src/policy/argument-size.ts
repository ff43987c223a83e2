import { ToolError } from "#shared/core/errors.ts";

/** Characters that the arguments of one call may have. */
export const MAX_ARGUMENTS = 1024 * 1024;
/** The stable sub-code of a call with more. */
export const ARGUMENTS_TOO_LARGE = "arguments_too_large";
/** What a number, a boolean or null counts for. */
const SCALAR = 4;

/** About as many characters as the JSON of a value has. Counted, because writing it costs much more. */
export function charactersOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return value === undefined ? 0 : SCALAR;
  if (Array.isArray(value))
    return value.reduce((sum, item) => sum + charactersOf(item), value.length);
  const object = value as Record<string, unknown>;
  let characters = 0;
  for (const key in object) characters += key.length + charactersOf(object[key]);
  return characters;
}

export const argumentsTooLarge = (characters: number): ToolError =>
  new ToolError(
    "VALIDATION_ERROR",
    `The arguments have about ${characters} characters; the gateway takes up to ${MAX_ARGUMENTS}. Send less at a time.`,
    { details: { reason: ARGUMENTS_TOO_LARGE, characters, limit: MAX_ARGUMENTS } },
  );
