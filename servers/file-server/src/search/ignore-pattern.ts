import { compileSegment, matchSegment, type Segment } from "../glob/segment.ts";
import type { PathNames } from "./path-names.ts";

const ANY_DEPTH = Symbol("**");
type Step = Segment | typeof ANY_DEPTH;

/** One line of an ignore file. */
export interface IgnorePattern {
  /** Takes back what a line above leaves out. */
  isNegated: boolean;
  foldersOnly: boolean;
  steps: readonly Step[];
}

/**
 * Reads a line as git does (gitignore(5)); undefined for a comment and what fits nothing. Not with
 * the globs of callers: those know braces, which are plain characters here.
 */
export function parseIgnoreLine(line: string): IgnorePattern | undefined {
  const bare = withoutEnd(line);
  if (bare === "" || bare.startsWith("#")) return undefined;
  const isNegated = bare.startsWith("!");
  const pattern = isNegated ? bare.slice(1) : bare;
  const foldersOnly = pattern.endsWith("/");
  const parts = (foldersOnly ? pattern.slice(0, -1) : pattern).split("/");
  if (parts.every((part) => part === "")) return undefined;
  // with a slash in it, it is a path from the folder of the file; without, a name at any depth
  const names = parts[0] === "" ? parts.slice(1) : parts;
  const steps = (parts.length > 1 ? names : ["**", ...names]).map((part) =>
    part === "**" ? ANY_DEPTH : compileSegment(part),
  );
  return { isNegated, foldersOnly, steps };
}

/** Spaces at the end say nothing, unless a backslash stands before them. */
function withoutEnd(line: string): string {
  let end = line.endsWith("\r") ? line.length - 1 : line.length;
  while (line[end - 1] === " " && line[end - 2] !== "\\") end -= 1;
  return line.slice(0, end);
}

/** Whether a path, from the folder of the file on, fits. Takes time that grows with the lengths alone. */
export function fitsIgnore({ steps }: IgnorePattern, path: PathNames, from: number): boolean {
  const { length } = path.names;
  if (steps.length === 2 && steps[0] === ANY_DEPTH) return fitsName(steps[1], path, length - 1);
  let [step, at, resumeStep, resumeAt] = [0, from, -1, from];
  // as for the characters of a name: on a mismatch only the last ** takes one name more
  while (at < length) {
    if (steps[step] === ANY_DEPTH) {
      [resumeStep, resumeAt] = [step, at];
      step += 1;
    } else if (fitsName(steps[step], path, at)) {
      step += 1;
      at += 1;
    } else if (resumeStep !== -1) {
      resumeAt += 1;
      [step, at] = [resumeStep + 1, resumeAt];
    } else return false;
  }
  return step === steps.length;
}

function fitsName(step: Step | undefined, path: PathNames, at: number): boolean {
  if (step === undefined) return false;
  if (step === ANY_DEPTH) return true;
  if (typeof step === "string") return step === path.names[at];
  const name = path.names[at] ?? "";
  if (!name.startsWith(step.head) || !name.endsWith(step.tail)) return false;
  return matchSegment(step, path.charactersOf(at));
}
