import { ToolError } from "#shared/core/errors.ts";
import type { DefinitionKind } from "./definitions.ts";

/** The stable sub-code of what has a definition that is held back. */
export const DEFINITION_CHANGED = "definition_changed";

/** What a caller is told who knows something from before its definition changed. */
export const heldBack = (server: string, kind: DefinitionKind, name: string): ToolError =>
  new ToolError(
    "UNAVAILABLE",
    `The definition of ${name} changed since it was approved, so ${server} does not offer it until whoever runs this gateway has looked at the change. Use another ${kind}, or tell them.`,
    { details: { reason: DEFINITION_CHANGED, server, [kind]: name } },
  );
