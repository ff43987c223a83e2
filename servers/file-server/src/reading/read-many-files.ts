import { basename, dirname } from "node:path";
import { ToolError } from "#shared/core/errors.ts";
import type { OpenDirectory, OpenFile, Sandbox } from "../sandbox/sandbox.ts";
import { detectEncoding, SAMPLE_BYTES } from "../text/encoding.ts";
import { MAX_READ_BYTES, MIN_READ_BYTES, toText } from "../text/excerpt.ts";
import { readOffset } from "../text/read-offset.ts";
import { Source } from "../text/source.ts";
import type { Job } from "./job.ts";

interface File {
  path: string;
  content?: string;
  next_offset?: number;
  reason?: string;
}

/** The beginnings of several files, which share the bytes that one may have elsewhere. */
export async function readManyFiles(
  sandbox: Sandbox,
  { paths }: { paths: readonly string[] },
  { signal, progress }: Job,
): Promise<{ files: File[] }> {
  const files: File[] = [];
  let left = MAX_READ_BYTES;
  const read = async (path: string, directory?: OpenDirectory) => {
    signal.throwIfAborted();
    // what short files leave over is for those behind them
    const share = Math.max(MIN_READ_BYTES, Math.floor(left / (paths.length - files.length)));
    const { bytes, ...file } = await readOne(sandbox, { path, most: share, signal }, directory);
    left -= bytes;
    files.push(file);
    progress(files.length, paths.length);
  };
  for (const [folder, group] of byFolder(paths)) {
    const from = files.length;
    const readAll = async (directory?: OpenDirectory) => {
      for (const path of group.slice(files.length - from)) await read(path, directory);
    };
    // a folder is looked up once for all its files that come one after the other
    if (group.length > 1) await sandbox.withDirectory(folder, readAll).catch(isRefusal);
    await readAll();
  }
  return { files };
}

/** Then each file tells for itself what is wrong. */
function isRefusal(error: unknown): void {
  if (!(error instanceof ToolError)) throw error;
}

/** Paths with the same folder that follow each other, in their order. */
function byFolder(paths: readonly string[]): [folder: string, paths: string[]][] {
  const groups: [string, string[]][] = [];
  for (const path of paths) {
    const folder = dirname(path);
    const last = groups.at(-1);
    if (last?.[0] === folder) last[1].push(path);
    else groups.push([folder, [path]]);
  }
  return groups;
}

interface Wanted {
  path: string;
  most: number;
  signal: AbortSignal;
}

async function readOne(
  sandbox: Sandbox,
  wanted: Wanted,
  directory: OpenDirectory | undefined,
): Promise<File & { bytes: number }> {
  const { path } = wanted;
  const read = (file: OpenFile) => beginningOf(file, wanted);
  try {
    const name = basename(path);
    // a slash at the end is no part of the name, and says that it means a folder
    const quick =
      directory && path.endsWith(name)
        ? await sandbox.withFileIn(directory, name, read)
        : undefined;
    return quick?.result ?? (await sandbox.withFile(path, read));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { path, reason: String(error.details.reason ?? error.code), bytes: 0 };
  }
}

async function beginningOf(
  { handle, size }: OpenFile,
  { path, most, signal }: Wanted,
): Promise<File & { bytes: number }> {
  const source = new Source(handle, size, signal);
  const encoding = detectEncoding(await source.read(0, SAMPLE_BYTES), path);
  const excerpt = await readOffset(source, 0, most, encoding, path);
  const { content } = toText(excerpt, encoding, path);
  const { endOffset } = excerpt;
  const rest = endOffset < size ? { next_offset: endOffset } : {};
  return { path, content, ...rest, bytes: endOffset };
}
