import { decodeCursor, encodeCursor } from "#shared/data/cursor.ts";
import { ByteBudget } from "../listing/byte-budget.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { zipEntries } from "./zip-reading.ts";

export interface ListedEntry {
  path: string;
  type: "file" | "directory";
  size: number;
  packed: number;
  modified: string;
}

export interface ListOptions {
  cursor: string | undefined;
  most: number;
  signal: AbortSignal;
}

const position = {
  parse(value: unknown): number {
    if (!Number.isSafeInteger(value) || Number(value) < 0) throw new TypeError("no number");
    return Number(value);
  },
};

/** One page of the entries of a zip, in its own order. All are checked, as for unpacking. */
export function listArchive(sandbox: Sandbox, path: string, { cursor, most, signal }: ListOptions) {
  return sandbox.withFile(path, async (file) => {
    const scope = { kind: "list_archive", query: { path: file.path, etag: file.etag() } };
    const first = cursor === undefined ? 0 : decodeCursor(cursor, scope, position);
    const budget = new ByteBudget();
    const entries: ListedEntry[] = [];
    let [total, denied] = [0, 0];
    let isFull = false;
    for await (const entry of zipEntries(
      file,
      path,
      sandbox.denyIn({ ...file.place, parts: file.place.parts.slice(0, -1) }),
    )) {
      signal.throwIfAborted();
      if (entry.isDenied) {
        denied += 1;
        continue;
      }
      total += 1;
      if (total <= first || isFull) continue;
      const listed = {
        path: entry.names.join("/"),
        type: entry.isFolder ? ("directory" as const) : ("file" as const),
        size: entry.size,
        packed: entry.packed,
        modified: entry.modified.toISOString(),
      };
      isFull = entries.length === most || !budget.take(listed);
      if (!isFull) entries.push(listed);
    }
    const next = first + entries.length;
    return {
      path: file.path,
      entries,
      total,
      denied,
      ...(isFull && { next_cursor: encodeCursor(scope, next) }),
    };
  });
}
