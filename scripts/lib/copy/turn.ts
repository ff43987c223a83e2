import { createHash } from "node:crypto";
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SharedError } from "./errors.ts";

const patienceMs = 10_000;
const halfWrittenMs = 5_000;

/** Runs one writer at a time on a checkout; a second one waits a little and then refuses. */
export async function inTurn<T>(
  root: string,
  work: () => T | Promise<T>,
  patience = patienceMs,
): Promise<T> {
  const id = createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 16);
  const file = join(tmpdir(), `flotilla-shared-${id}.lock`);
  const until = Date.now() + patience;
  while (!claim(file)) {
    const holder = holderOf(file);
    if (holder === "nobody") bury(file);
    else if (Date.now() > until) {
      throw new SharedError(
        `another run (process ${holder}) is copying here: wait for it; if there is none, delete ${file}`,
      );
    } else await sleep(50);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Renamed before it is removed: of two runs that find it dead, one gets it, and nobody's new claim goes. */
function bury(file: string): void {
  const grave = `${file}.${process.pid}`;
  try {
    renameSync(file, grave);
    // another run buried it and made its own in between: give that back
    if (holderOf(grave) === "nobody") rmSync(grave);
    else renameSync(grave, file);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

function claim(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function holderOf(file: string): string {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    if (pid > 0) return isAlive(pid) ? String(pid) : "nobody";
    return Date.now() - statSync(file).mtimeMs > halfWrittenMs ? "nobody" : "unknown";
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "nobody";
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
