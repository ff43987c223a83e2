import { runGit } from "../copy/git.ts";
import type { LockEntry } from "../copy/lock.ts";
import type { Module } from "../copy/modules.ts";
import { viewServer } from "../copy/view.ts";
import type { Project } from "../projects.ts";

/** How a server's copy of shared code stands. */
export interface SharedAge {
  /** Copies whose source has moved on since. */
  behind: number;
  /** Copies that were changed where they are. */
  edited: number;
  /** When the first source that a copy is behind of moved on; undefined when git cannot tell. */
  since?: Date | undefined;
}

const BEHIND = ["behind", "merge", "conflicted", "new", "missing"];
const EDITED = ["edited", "merge", "conflicted"];

export function sharedAge(
  root: string,
  { name, dir }: Project,
  modules: readonly Module[],
): SharedAge {
  const { steps } = viewServer({ name, folder: dir }, modules);
  const behind = steps.filter(({ kind }) => BEHIND.includes(kind));
  const entries = behind.flatMap((step) => ("entry" in step && step.entry ? [step.entry] : []));
  const dates = entries.flatMap((entry) => replacedAt(root, entry) ?? []);
  return {
    behind: behind.length,
    edited: steps.filter(({ kind }) => EDITED.includes(kind)).length,
    ...(dates.length > 0 && { since: new Date(Math.min(...dates)) }),
  };
}

/** When a commit put something else in the place of the version that was copied, in milliseconds. */
function replacedAt(root: string, { source, blob }: LockEntry): number | undefined {
  const format = ["--format=%ct", "--raw", "--no-abbrev", "--no-renames"];
  const { status, stdout } = runGit(root, ["log", ...format, "--", `shared/${source}`]);
  if (status !== 0) return undefined;
  let seconds: number | undefined;
  for (const line of stdout.toString("utf8").split("\n")) {
    if (/^\d+$/.test(line)) seconds = Number(line);
    // ":<mode> <mode> <old blob> <new blob> <status>"
    if (line.startsWith(":") && line.split(" ")[2] === blob && seconds !== undefined)
      return seconds * 1000;
  }
  return undefined;
}

const DAY_MS = 86_400_000;

export function describeAge({ behind, edited, since }: SharedAge, now: Date): string {
  const days = since && Math.floor((now.getTime() - since.getTime()) / DAY_MS);
  const age = days === undefined ? "" : days === 0 ? ", since today" : `, for ${days} d`;
  const parts = [behind > 0 ? `${behind} behind${age}` : "", edited > 0 ? `${edited} edited` : ""];
  return parts.filter(Boolean).join(", ") || "current";
}
