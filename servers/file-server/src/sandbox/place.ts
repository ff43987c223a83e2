import { join } from "node:path";

/** A folder that the owner allows, at its real path: no link is left in it. */
export interface Root {
  /** Absolute, as the owner wrote it. */
  given: string;
  canonical: string;
  /** Relative paths belong to the first root. */
  isFirst: boolean;
}

/** A root and the names that lead on from it. `..` may be among them until the path was walked. */
export interface Place {
  root: Root;
  parts: readonly string[];
}

/**
 * A place as callers see it: relative to the first root, or absolute in the others. Every path that
 * is shown can be given back as it is.
 */
export function shownPath({ root, parts }: Place): string {
  if (!root.isFirst) return join(root.given, ...parts);
  return parts.length === 0 ? "." : parts.join("/");
}
