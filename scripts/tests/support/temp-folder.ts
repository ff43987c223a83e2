import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Writes files by their path relative to the folder. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** Milliseconds to remove one: a repository with all its packages, on a busy machine. */
const REMOVE_MS = 300_000;

/** A folder that holds these files and goes away with the test. */
export function tempFolder(files: Record<string, string> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "flotilla-scripts-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }), REMOVE_MS);
  writeFiles(folder, files);
  return folder;
}
