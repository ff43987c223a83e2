import { refuse } from "../sandbox/refuse.ts";
import { compileGlob, type Glob, PatternError } from "./glob.ts";

/** The pattern of a call; refuses one that means nothing. */
export function toGlob(pattern: string): Glob {
  try {
    return compileGlob(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw refuse("invalid_pattern", { because: error.message.replace(/\.$/, "") });
  }
}
