import type { Stats } from "node:fs";
import type { ReadHandle } from "./disk-calls.ts";

export type EntryType = "file" | "directory" | "symlink" | "other";

export interface RawEntry {
  name: string;
  type: EntryType;
}

/**
 * One object of the file system that a strategy has hold of. Names are single names of this
 * directory; no method follows a link. Errors are those of `node:fs`, or refusals.
 */
export interface Node {
  /** As the file system has it, where it knows another than the one that was asked for. */
  readonly name: string;
  /** Of the moment it was entered. */
  readonly stats: Stats;
  enter(name: string): Promise<Node>;
  readLink(name: string): Promise<string>;
  /** What stands at a name; undefined when it is gone. Never rejects for one name alone. */
  lookAt(name: string): Promise<Stats | undefined>;
  /** `lookAt` for many names. */
  lookAtAll(names: readonly string[]): Promise<(Stats | undefined)[]>;
  /** Many at a time. */
  entries(): AsyncIterable<RawEntry[]>;
  /** Opens this regular file for reading; the caller closes it. */
  openFile(): Promise<ReadHandle>;
  /**
   * Opens a name that this directory lists as a file; undefined when it is none any more, or is not to
   * be opened. What took its place meanwhile is opened without being waited for, and never read.
   */
  openListed(name: string): Promise<{ handle: ReadHandle; size: number } | undefined>;
  /**
   * A path for one system call on a name of this directory, made while the node is held. What is
   * called with it must not follow a link in the last name.
   */
  reach(name: string): Promise<string>;
  release(): Promise<void>;
}

export interface Strategy {
  readonly name: "held" | "checked";
  /** The directory at a real path, unless that path leads elsewhere now. */
  openRoot(canonical: string): Promise<Node>;
}

interface Kinds {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export function typeOf(entry: Kinds): EntryType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}
