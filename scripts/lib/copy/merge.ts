import { basename } from "node:path";
import type { Content } from "./content.ts";
import { SharedError } from "./errors.ts";
import type { Scratch } from "./files.ts";
import { runGit } from "./git.ts";

export interface Side {
  readonly body: Buffer;
  /** What stands at the conflict markers. */
  readonly label: string;
}

export interface Merged {
  readonly clean: boolean;
  readonly content: Content;
}

/** Three texts into one; where both changed the same lines, git's markers with the base between. */
export function mergeThreeWays(scratch: Scratch, ours: Side, base: Side, theirs: Side): Merged {
  const sides = [ours, base, theirs];
  const files = sides.map((side) => scratch.file(side.body));
  const labels = sides.flatMap((side) => ["-L", side.label]);
  const [first = ""] = files;
  const cwd = first.slice(0, -basename(first).length);
  const args = ["merge-file", "-p", "--diff3", ...labels, "--", ...files];
  const { status, stdout, stderr } = runGit(cwd, args);
  if (status === null || status > 127) {
    throw new SharedError(`git could not merge it: ${stderr?.toString("utf8").trim() || "no git"}`);
  }
  return { clean: status === 0, content: { body: stdout, text: true } };
}

/** The label of the side that comes from shared/; it says which version was merged in. */
export function sourceLabel(source: string, blob: string): string {
  return `shared/${source}, blob ${blob}`;
}

/** The version that an unresolved conflict already has in it. */
export function mergedVersion(content: Content): string | undefined {
  return /^>{7} shared\/.+, blob ([0-9a-f]{40})$/m.exec(content.body.toString("utf8"))?.[1];
}
