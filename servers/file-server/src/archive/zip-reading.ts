import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { type Entry, fromFdPromise, type ZipFile } from "yauzl";
import { ToolError } from "#shared/core/errors.ts";
import type { DenyState } from "../sandbox/deny.ts";
import { isUsableName } from "../sandbox/path-rules.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { OpenFile } from "../sandbox/sandbox.ts";

/** Entries of an archive. */
export const MAX_ARCHIVE_ENTRIES = 10_000;
/** Bytes of all its files, unpacked. */
export const MAX_UNPACKED_BYTES = 2 ** 29;
/** How many times larger a file may be than it is packed; text is some ten times, nothing honest a thousand. */
export const MAX_RATIO = 200;
/** Small files of one letter reach any ratio and do no harm. */
const RATIO_FROM_BYTES = 2 ** 20;
/** Names in the path of an entry. */
export const MAX_ARCHIVE_DEPTH = 50;

export interface ArchiveEntry {
  names: string[];
  isFolder: boolean;
  /** The owner keeps the name from being used where the archive is unpacked. */
  isDenied: boolean;
  size: number;
  packed: number;
  modified: Date;
  /** Permission bits; 0 when the archive does not tell. */
  mode: number;
  /** Unpacks it; fails when it holds more or less than the archive says, or something else. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * The entries of a zip, each checked before it is given out: name, kind, and what all of them
 * together unpack to. The whole archive is refused for one entry that breaks a rule.
 */
export async function* zipEntries(
  { handle }: Pick<OpenFile, "handle">,
  path: string,
  deny: DenyState,
): AsyncGenerator<ArchiveEntry> {
  const total = { entries: 0, bytes: 0 };
  try {
    const zip = await fromFdPromise(handle.fd, { autoClose: false, strictFileNames: true });
    if (zip.entryCount > MAX_ARCHIVE_ENTRIES)
      throw tooLarge(path, `has more than ${MAX_ARCHIVE_ENTRIES} entries`, MAX_ARCHIVE_ENTRIES);
    for await (const entry of zip.eachEntry()) {
      checkSize(entry, total, path);
      yield { ...described(entry, path, deny), open: () => openEntry(zip, entry, path) };
    }
  } catch (error) {
    throw error instanceof ToolError ? error : badArchive(path, error);
  }
}

async function openEntry(
  zip: ZipFile,
  entry: Entry,
  path: string,
): Promise<AsyncIterable<Uint8Array>> {
  if (entry.isEncrypted() || !entry.canDecodeFileData())
    throw badArchive(
      path,
      undefined,
      "An entry is encrypted, or packed in a way that is not known",
    );
  const stream = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw badArchive(path, error);
  });
  return checkedSum(stream, entry.crc32, path);
}

/** The reader of zips compares sizes and leaves the sum of the bytes to its caller. */
async function* checkedSum(
  stream: Readable,
  expected: number,
  path: string,
): AsyncGenerator<Uint8Array> {
  let sum = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== expected)
    throw badArchive(path, undefined, "An entry is damaged: its bytes do not add up to its sum");
}

export const badArchive = (path: string, cause?: unknown, because?: string) =>
  refuse("bad_archive", {
    path,
    cause,
    because: because ?? "This is no zip archive, or it is damaged or unsafe",
  });

const tooLarge = (path: string, what: string, limit: number) =>
  refuse("too_large", { path, because: `The archive ${what}`, details: { limit } });

function checkSize(entry: Entry, total: { entries: number; bytes: number }, path: string): void {
  const { uncompressedSize: size, compressedSize: packed } = entry;
  total.entries += 1;
  total.bytes += size;
  if (total.entries > MAX_ARCHIVE_ENTRIES)
    throw tooLarge(path, `has more than ${MAX_ARCHIVE_ENTRIES} entries`, MAX_ARCHIVE_ENTRIES);
  if (total.bytes > MAX_UNPACKED_BYTES)
    throw tooLarge(path, `unpacks to more than ${MAX_UNPACKED_BYTES} bytes`, MAX_UNPACKED_BYTES);
  if (size > RATIO_FROM_BYTES && size > packed * MAX_RATIO)
    throw tooLarge(path, `unpacks to more than ${MAX_RATIO} times its size`, MAX_RATIO);
}

const FILE_TYPE = 0o170000;
const KINDS = { none: 0, file: 0o100000, folder: 0o040000, symlink: 0o120000 };

function described(entry: Entry, path: string, deny: DenyState): Omit<ArchiveEntry, "open"> {
  const { fileName, uncompressedSize: size, compressedSize: packed } = entry;
  const unixMode = entry.externalFileAttributes >>> 16;
  const kind = unixMode & FILE_TYPE;
  if (kind === KINDS.symlink)
    throw refuse("symlink", { path, because: "The archive holds a symbolic link" });
  const isFolder = fileName.endsWith("/");
  if (kind !== KINDS.none && kind !== (isFolder ? KINDS.folder : KINDS.file))
    throw refuse("special_file", {
      path,
      because: "The archive holds more than files and folders",
    });
  const names = (isFolder ? fileName.slice(0, -1) : fileName).split("/");
  checkNames(names, path);
  return {
    names,
    isFolder,
    isDenied: isDenied(names, deny),
    size,
    packed,
    modified: entry.getLastModDate(),
    mode: unixMode & 0o777,
  };
}

function checkNames(names: readonly string[], path: string): void {
  const isPlain = names.every(
    (name) => name !== "" && name !== "." && name !== ".." && isUsableName(name),
  );
  if (!isPlain)
    throw refuse("outside_root", {
      path,
      because: "The archive holds a name that would lead elsewhere, or that is refused everywhere",
    });
  if (names.length > MAX_ARCHIVE_DEPTH)
    throw tooLarge(path, `lies deeper than ${MAX_ARCHIVE_DEPTH} folders`, MAX_ARCHIVE_DEPTH);
}

function isDenied(names: readonly string[], deny: DenyState): boolean {
  let state = deny;
  return names.some((name) => {
    state = state.step(name);
    return state.isDenied;
  });
}
