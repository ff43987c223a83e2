import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { killGroup, spawnGroup } from "./run.ts";

export interface DevProcess {
  isRunning(): boolean;
  /** Ends the process that runs, if one does, and starts another. */
  restart(): Promise<void>;
}

export interface DevProcessOptions {
  /** Arguments of node. */
  args: string[];
  cwd: string;
  /** What every process in turn reads; absent, they have no stdin. */
  input?: Readable;
  /** It ended without being told to. */
  onExit(code: number | null): void;
}

/** How long a server may take to end before it is killed. */
const GRACE_MS = 5_000;

/**
 * One process after another. stdin is handed on line by line, so that a restart never cuts a message
 * in two; stdout and stderr are ours.
 */
export function createDevProcess({ args, cwd, input, onExit }: DevProcessOptions): DevProcess {
  let child: ChildProcess | undefined;
  const waiting: Buffer[] = [];
  let inputEnded = false;

  function start(): void {
    const started = spawnGroup(process.execPath, args, {
      cwd,
      stdio: [input ? "pipe" : "ignore", "inherit", "inherit"],
    });
    child = started;
    started.stdin?.on("error", () => {}); // it ended before it read all
    started.once("close", (code) => {
      if (child !== started) return;
      child = undefined;
      onExit(code);
    });
    for (const chunk of waiting.splice(0)) started.stdin?.write(chunk);
    if (inputEnded) started.stdin?.end();
  }

  async function stop(): Promise<void> {
    const stopping = child;
    child = undefined;
    if (!stopping || stopping.exitCode !== null) return;
    const closed = new Promise((resolve) => stopping.once("close", resolve));
    killGroup(stopping, "SIGTERM");
    const timer = setTimeout(() => killGroup(stopping, "SIGKILL"), GRACE_MS);
    await closed;
    clearTimeout(timer);
  }

  if (input) {
    forwardLines(input, {
      line: (chunk) => (child?.stdin ? child.stdin.write(chunk) : waiting.push(chunk)),
      end: () => {
        inputEnded = true;
        child?.stdin?.end();
      },
    });
  }
  let turn = Promise.resolve();
  return {
    isRunning: () => child !== undefined,
    // one after another, or a change while a process still ends would start two
    restart: () => {
      turn = turn.then(stop).then(start);
      return turn;
    },
  };
}

const NEWLINE = 0x0a;

function forwardLines(input: Readable, to: { line(chunk: Buffer): void; end(): void }): void {
  let rest = Buffer.alloc(0);
  input.on("data", (chunk: Buffer) => {
    const all = Buffer.concat([rest, chunk]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    if (end > 0) to.line(all.subarray(0, end));
    rest = all.subarray(end);
  });
  input.once("end", () => {
    if (rest.length > 0) to.line(rest);
    to.end();
  });
}
