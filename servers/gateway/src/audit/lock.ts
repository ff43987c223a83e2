import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds after which a gateway says again that it lives. */
const BEAT_MS = 1_000;
/** Looks, a beat apart, after which a gateway that said nothing has ended. */
const SILENT_LOOKS = 5;
const PRIVATE = 0o600;
/** Beats have one length, so that a full disk takes them too. */
const BEAT_DIGITS = 12;

export interface LogLock {
  /** Throws once another gateway has the log, because this one was stopped for a while. */
  check(): void;
  release(): Promise<void>;
}

interface LockOptions {
  /** Called when another gateway took the log. */
  onLost(): void;
  beatMs?: number | undefined;
}

/**
 * Keeps two gateways from writing one log: a file beside it changes for as long as its writer lives. That
 * holds where numbers of processes and names of hosts repeat, and on disks without locks. Rejects when a
 * gateway that lives has the log.
 */
export async function lockLog(
  log: string,
  { onLost, beatMs = BEAT_MS }: LockOptions,
): Promise<LogLock> {
  const file = `${log}.lock`;
  const own = `${hostname()}:${process.pid} ${randomUUID()} `;
  let beats = 0;
  const write = (flag: "wx" | "r+" | "w") => {
    const text = `${own}${String(beats++).padStart(BEAT_DIGITS, "0")}\n`;
    return writeFile(file, text, { flag, mode: PRIVATE });
  };
  await write("wx").catch(async (error) => {
    if (codeOf(error) !== "EEXIST") throw error;
    await untilSilent(file, beatMs);
    await write("w");
    // of those that do so at the same time the last has it
    await wait(beatMs);
    const text = await read(file);
    if (!text?.startsWith(own)) throw writtenBy(text);
  });

  let other: Error | undefined;
  let timer: NodeJS.Timeout | undefined;
  let beating = Promise.resolve();
  const beat = async () => {
    const text = await read(file);
    if (text === undefined) await write("wx");
    else if (text.startsWith(own)) await write("r+");
    else {
      clearInterval(timer);
      other = writtenBy(text);
      onLost();
    }
  };
  timer = setInterval(() => {
    // what fails is tried again with the next
    beating = beating.then(beat).catch(() => {});
  }, beatMs).unref();
  const removeAtExit = () => {
    if (!other) rmSync(file, { force: true });
  };
  process.once("exit", removeAtExit);
  return {
    check: () => {
      if (other) throw other;
    },
    release: async () => {
      clearInterval(timer);
      process.off("exit", removeAtExit);
      await beating;
      if (!other) await rm(file, { force: true });
    },
  };
}

/** Whoever was stopped together with this process gets a look for each beat that it missed. */
async function untilSilent(file: string, beatMs: number): Promise<void> {
  const left = await read(file);
  for (let look = 0; look < SILENT_LOOKS; look++) {
    await wait(beatMs);
    const text = await read(file);
    if (text === undefined) return;
    if (text !== left) throw writtenBy(text);
  }
}

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error ? error.code : undefined;

const read = (file: string): Promise<string | undefined> =>
  readFile(file, "utf8").catch((error) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });

const writtenBy = (text: string | undefined): Error =>
  new Error(
    `Another gateway writes it${text ? ` (host:process ${text.split(" ")[0]})` : ""}. Stop that one, or give each its own audit.file`,
  );
