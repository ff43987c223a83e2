import { statSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "./content.ts";
import { removeFile } from "./files.ts";
import { mergedVersion, mergeThreeWays, sourceLabel } from "./merge.ts";
import type { SourceFile } from "./modules.ts";
import type { Finding } from "./report.ts";
import {
  type CarryStep,
  type DifferentStep,
  type LeftoverStep,
  type Step,
  saysTheSame,
} from "./state.ts";
import { problemWith } from "./words.ts";
import { forget, record, recordEntry, type Work, writeCopy } from "./write.ts";

/**
 * Does what one file needs. The file is written before the lock, and the lock after every file: a
 * kill between the two leaves a copy that says what its source says, or a merge that, done again,
 * gives itself.
 */
export function applyStep(work: Work, step: Step): Finding[] {
  const told = (failed = false) => [
    finding(work, step, problemWith(step, work.server.name), failed),
  ];
  switch (step.kind) {
    case "current":
    case "detached-orphan":
      return [];
    case "new":
      return takeSource(work, step, `copied from shared/${step.file.source}`);
    case "behind":
      return takeSource(work, step, `updated from shared/${step.file.source}`);
    case "missing":
      return takeSource(work, step, `was deleted by hand and is back${attachedAgain(step)}`);
    case "stale-record":
      return takeSource(work, step, "recorded");
    case "merge":
      return merge(work, step);
    case "conflicted":
      recordMergedVersion(work, step);
      return told(true);
    case "gone":
      forget(work, step.path);
      return [finding(work, step, "is gone and no longer recorded")];
    case "untouched-leftover":
      removeFile(work.server.folder, step.path, step.copy.raw);
      forget(work, step.path);
      return [finding(work, step, `removed: no module has shared/${step.entry.source} for it`)];
    case "carry":
      return carry(work, step);
    case "edited":
      return [finding(work, step, editedHere(step))];
    case "unknown":
      return told();
    case "blocked":
    case "broken-source":
    case "orphan":
    case "unreadable":
      return told(true);
  }
}

function takeSource(work: Work, step: Extract<Step, { file: SourceFile }>, done: string) {
  const { file, copy, kind } = step;
  writeCopy(work, file, copy, file.content);
  record(work, file, kind === "missing" ? undefined : step.entry?.detached);
  return [finding(work, step, done)];
}

function merge(work: Work, step: DifferentStep): Finding[] {
  const { file, copy, entry } = step;
  if (!file.content.text || !copy.content.text) return keepBinary(work, step);
  const base = work.git.blob(entry.blob, true);
  if (!base) return [noBase(work, step, entry.blob)];
  const merged = mergeCopy(work, { path: step.path, entry, copy }, base, file);
  writeCopy(work, file, copy, merged.content);
  record(work, file, entry.detached);
  const from = `with shared/${file.source}`;
  return merged.clean
    ? [{ ...finding(work, step, `merged ${from}; the local edit is kept`), kind: "merged" }]
    : [conflict(work, step, `could not be merged ${from}: resolve the markers and copy again`)];
}

/** A fork that cannot be merged is a fork of the new version from now on. */
function keepBinary(work: Work, step: DifferentStep): Finding[] {
  if (step.entry.detached) {
    record(work, step.file, step.entry.detached);
    return [finding(work, step, "is detached and binary: kept without a merge")];
  }
  const cure = "delete it to take the source, or detach it to keep it";
  return [finding(work, step, `was edited here, is binary and cannot be merged: ${cure}`, true)];
}

/**
 * The order lets a kill at any point be finished by the next run: the new file is there first, then
 * the old one counts as untouched, then it goes.
 */
function carry(work: Work, step: CarryStep): Finding[] {
  const { from, to } = step;
  const { folder } = work.server;
  const sameText = from.entry.blob === to.file.blob;
  const base = sameText ? to.file.content.body : work.git.blob(from.entry.blob, true);
  if (!base) return [noBase(work, step, from.entry.blob)];
  const merged = mergeCopy(work, from, base, to.file);
  if (
    to.copy &&
    !saysTheSame(to.file, to.copy) &&
    !to.copy.content.body.equals(merged.content.body)
  ) {
    return [...applyStep(work, { ...from, kind: "orphan" }), ...applyStep(work, to)];
  }
  writeCopy(work, to.file, to.copy, merged.content);
  const { detached, ...entry } = from.entry;
  work.lock.set(from.path, { ...entry, sha256: sha256(from.copy.content.body) });
  record(work, to.file, detached);
  // a rename of upper and lower case only is the same file on some disks
  if (!isSameFile(join(folder, from.path), join(folder, to.path))) {
    removeFile(folder, from.path, from.copy.raw);
  }
  forget(work, from.path);
  return merged.clean
    ? [finding(work, step, `was renamed to ${to.path}; the local edit went with it`)]
    : [conflict(work, to, `came from ${from.path} and could not be merged: resolve the markers`)];
}

function mergeCopy(
  work: Work,
  ours: Pick<LeftoverStep, "path" | "entry" | "copy">,
  base: Buffer,
  file: SourceFile,
) {
  const { path, entry, copy } = ours;
  return mergeThreeWays(
    work.scratch,
    { body: copy.content.body, label: `servers/${work.server.name}/${path}` },
    { body: base, label: `what shared/${entry.source} was, blob ${entry.blob}` },
    { body: file.content.body, label: sourceLabel(file.source, file.blob) },
  );
}

// killed after the markers were written and before the lock was
function recordMergedVersion(work: Work, { path, entry, copy }: DifferentStep): void {
  const blob = mergedVersion(copy.content);
  if (!blob || blob === entry.blob) return;
  const content = work.git.blob(blob, true);
  if (!content) return;
  recordEntry(work, path, { ...entry, blob, sha256: sha256(content) });
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}

function finding(work: Work, step: Step, message: string, failed = false): Finding {
  return { server: work.server.name, path: step.path, kind: step.kind, failed, message };
}

function conflict(work: Work, step: Step, message: string): Finding {
  return { ...finding(work, step, message, true), kind: "conflicted" };
}

function noBase(work: Work, step: Step, id: string): Finding {
  const message = `is edited and left untouched: ${work.git.howToGet(id)}`;
  return { ...finding(work, step, message, true), kind: "no-base" };
}

function attachedAgain(step: { entry: { detached?: string } | undefined }): string {
  return step.entry?.detached ? ", attached to its source again" : "";
}

function editedHere(step: DifferentStep): string {
  const why = step.entry.detached;
  return why ? `is detached (${why}) and kept` : "was edited here and is kept";
}
