import { type Content, countMarkers, hasConflict, sha256, toContent } from "./content.ts";
import { SharedError } from "./errors.ts";
import { readPlain, walk } from "./files.ts";
import { parseCopy, renderCopy } from "./header.ts";
import type { Lock, LockEntry } from "./lock.ts";
import type { SourceFile } from "./modules.ts";

export interface Copy {
  readonly raw: Buffer;
  /** Without the header. */
  readonly content: Content;
}

interface Wanted {
  readonly path: string;
  readonly file: SourceFile;
}

export interface PlainStep extends Wanted {
  readonly kind:
    | "current"
    /** The content is right; the lock or the header is not. */
    | "stale-record"
    | "new"
    | "missing"
    /** Something the lock does not know is where the copy would go. */
    | "blocked"
    /** The source itself has conflict markers. */
    | "broken-source";
  readonly entry: LockEntry | undefined;
  readonly copy: Copy | undefined;
}

/** A copy that differs from its source. */
export interface DifferentStep extends Wanted {
  readonly kind: "behind" | "edited" | "merge" | "conflicted";
  readonly entry: LockEntry;
  readonly copy: Copy;
}

export type WantedStep = PlainStep | DifferentStep;

/** Recorded, wanted by no module, and deleted already. */
export interface GoneStep {
  readonly kind: "gone";
  readonly path: string;
}

/** Recorded and wanted by no module. */
export interface LeftoverStep {
  readonly kind: "untouched-leftover" | "orphan" | "detached-orphan";
  readonly path: string;
  readonly entry: LockEntry;
  readonly copy: Copy;
}

/** An edited copy whose source has another name now. */
export interface CarryStep {
  readonly kind: "carry";
  readonly path: string;
  readonly from: LeftoverStep;
  readonly to: WantedStep;
}

export interface PathStep {
  readonly kind: "unknown" | "unreadable";
  readonly path: string;
  readonly message: string;
}

export type Step = WantedStep | GoneStep | LeftoverStep | CarryStep | PathStep;

/** How each file of one server stands, from what is wanted, recorded and on disk. */
export function stateOf(folder: string, files: ReadonlyMap<string, SourceFile>, lock: Lock) {
  const leftovers = [...lock].filter(([path]) => !files.has(path));
  return [
    ...leftovers.map(([path, entry]) =>
      readable(path, () => leftoverState(path, entry, readCopy(folder, path))),
    ),
    ...[...files.values()].map((file) =>
      readable(file.path, () =>
        wantedState(file, lock.get(file.path), readCopy(folder, file.path)),
      ),
    ),
  ];
}

export function readCopy(folder: string, path: string): Copy | undefined {
  const raw = readPlain(folder, path);
  return raw && { raw, content: parseCopy(raw) };
}

/** Files in the folders of copies that no module and no lock knows. */
export function strangers(
  folder: string,
  folders: Iterable<string>,
  isKnown: (path: string) => boolean,
): PathStep[] {
  const found = [...folders].flatMap((inside) => walk(folder, inside));
  return [...new Set(found)]
    .filter((path) => !isKnown(path))
    .map((path) => ({ kind: "unknown", path, message: "" }));
}

/** The source's text and this copy's are the same. */
export function saysTheSame(file: SourceFile, copy: Copy): boolean {
  return copy.content.body.equals(file.content.body);
}

function wantedState(
  file: SourceFile,
  entry: LockEntry | undefined,
  copy: Copy | undefined,
): WantedStep {
  const plain = (kind: PlainStep["kind"]) => ({ kind, path: file.path, file, entry, copy });
  if (hasConflict(file.content)) return plain("broken-source");
  if (!copy) return plain(entry ? "missing" : "new");
  if (saysTheSame(file, copy)) {
    return plain(isRecorded(file, entry, copy) ? "current" : "stale-record");
  }
  if (!entry) return plain("blocked");
  const kind = differenceOf(file, entry, copy);
  return { kind, path: file.path, file, entry, copy };
}

function differenceOf(file: SourceFile, entry: LockEntry, copy: Copy): DifferentStep["kind"] {
  if (countMarkers(copy.content) > countMarkers(file.content)) return "conflicted";
  if (sha256(copy.content.body) === entry.sha256) return "behind";
  return entry.blob === file.blob ? "edited" : "merge";
}

function isRecorded(file: SourceFile, entry: LockEntry | undefined, copy: Copy): boolean {
  if (entry?.blob !== file.blob || entry.sha256 !== file.sha256) return false;
  const written = renderCopy(file.source, file.content);
  return entry.source === file.source && toContent(copy.raw).body.equals(written);
}

function leftoverState(
  path: string,
  entry: LockEntry,
  copy: Copy | undefined,
): GoneStep | LeftoverStep {
  if (!copy) return { kind: "gone", path };
  if (entry.detached) return { kind: "detached-orphan", path, entry, copy };
  const untouched = sha256(copy.content.body) === entry.sha256;
  return { kind: untouched ? "untouched-leftover" : "orphan", path, entry, copy };
}

function readable<T extends Step>(path: string, read: () => T): T | PathStep {
  try {
    return read();
  } catch (error) {
    if (error instanceof SharedError) return { kind: "unreadable", path, message: error.message };
    throw error;
  }
}
