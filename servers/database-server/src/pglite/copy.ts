import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ToolError } from "#shared/core/errors.ts";

/** Bytes of the largest folder that is read into memory. */
export const MAX_COPY_BYTES = 256 * 1024 * 1024;

/** What is used of the file system of Emscripten. */
interface MemoryFiles {
  mkdirTree(path: string): void;
  writeFile(path: string, data: Uint8Array, options: { canOwn: boolean }): void;
}

/** Changes whenever something is written to the database: each commit writes to its log first. */
export function stampOf(folder: string): string {
  const log = join(folder, "pg_wal");
  const files = [
    join(folder, "global", "pg_control"),
    ...readdirSync(log).map((name) => join(log, name)),
  ];
  return JSON.stringify(
    files.map((file) => {
      const { mtimeMs, size } = statSync(file);
      return [file, mtimeMs, size];
    }),
  );
}

/** Copies a data folder into memory, as it is at one moment. Throws CONFLICT while another process writes to it. */
export function copyInto(files: MemoryFiles, from: string, to: string): void {
  const before = stampOf(from);
  let bytes = 0;
  const copy = (source: string, target: string): void => {
    files.mkdirTree(target);
    for (const entry of readdirSync(source, { withFileTypes: true })) {
      const [path, name] = [join(source, entry.name), `${target}/${entry.name}`];
      if (entry.isDirectory()) copy(path, name);
      else if (entry.isFile() && entry.name !== "postmaster.pid") {
        const data = readFileSync(path);
        bytes += data.length;
        if (bytes > MAX_COPY_BYTES) throw tooLarge();
        files.writeFile(name, data, { canOwn: true });
      }
    }
  };
  copy(from, to);
  if (stampOf(from) !== before) throw changing();
}

const tooLarge = () =>
  new ToolError(
    "UNAVAILABLE",
    `PGlite runs on a copy in memory, of folders of at most ${MAX_COPY_BYTES} bytes, and this one has more. Use a PostgreSQL server.`,
    { details: { reason: "too_large" } },
  );

const changing = () =>
  new ToolError("CONFLICT", "Another process is writing to this folder. Try again.", {
    details: { reason: "changing" },
  });
