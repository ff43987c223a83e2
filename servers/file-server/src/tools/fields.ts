import * as z from "zod";
import { MAX_CURSOR_CHARS } from "#shared/data/cursor.ts";
import { MAX_PATH_BYTES } from "../sandbox/path-rules.ts";

/** A character has at least a byte; the sandbox counts bytes, and refuses the empty path in its words. */
export const pathInput = z.string().max(MAX_PATH_BYTES);

/**
 * A count in a result. Not `z.int()`: with its bounds, which say nothing here, the list of this
 * server's tools would take a fifth more of every conversation.
 */
export const countOutput = z.number();

export const cursorInput = z
  .string()
  .max(MAX_CURSOR_CHARS)
  .optional()
  .describe("next_cursor of the last page");

export const nextCursorOutput = z.string().optional();

export const noIgnoreInput = z.boolean().optional().describe("Also what .gitignore leaves out");
