import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";

export interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** After this the process and what it started are killed, and the output says so. */
  timeoutSeconds?: number;
}

export interface RunResult {
  ok: boolean;
  code: number | null;
  /** stdout and stderr in the order in which they came. */
  output: string;
  seconds: number;
}

const running = new Set<ChildProcess>();
const posix = process.platform !== "win32";
/** How long a process may take to end after it was asked to. */
const graceMs = 3_000;

/** A group of its own on POSIX, so that whatever the child starts can be ended with it. */
export function spawnGroup(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: posix });
  running.add(child);
  child.once("close", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (posix && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It ended meanwhile.
  }
}

export function run(command: string, args: string[], options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const child = spawnGroup(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: string) => {
    output += chunk;
  };
  child.stdout?.setEncoding("utf8").on("data", collect);
  child.stderr?.setEncoding("utf8").on("data", collect);
  const limit = options.timeoutSeconds;
  const stop = () => {
    collect(`\nStopped: it did not end within ${limit} s.\n`);
    killGroup(child, "SIGKILL");
  };
  const timer = limit === undefined ? undefined : setTimeout(stop, limit * 1000);
  return new Promise((resolve) => {
    const finish = (code: number | null) => {
      clearTimeout(timer);
      const seconds = (performance.now() - started) / 1000;
      resolve({ ok: code === 0, code, output, seconds });
    };
    child.once("error", (error) => {
      collect(`Could not start ${command}: ${error.message}\n`);
      finish(null);
    });
    child.once("exit", () => dropLeftovers(child));
    child.once("close", (code, signal) => {
      if (signal !== null) collect(`\nEnded by ${signal}.\n`);
      finish(code);
    });
  });
}

/** What a finished process left running must not outlive it, nor keep us waiting for its output. */
function dropLeftovers(child: ChildProcess): void {
  if (posix) killGroup(child, "SIGKILL");
  const hangUp = () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const timer = setTimeout(hangUp, graceMs);
  child.once("close", () => clearTimeout(timer));
}

/** Runs a TypeScript or JavaScript file with this Node, never through a shell. */
export function runNode(args: string[], options: RunOptions): Promise<RunResult> {
  return run(process.execPath, args, options);
}

/**
 * On SIGINT or SIGTERM ends every child, then this process, with the exit code of the signal; until
 * the function it returns is called.
 */
export function stopChildrenOnSignal(): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const listeners = signals.map((signal) => {
    const listener = () => {
      for (const child of running) killGroup(child, "SIGTERM");
      const leave = () => process.exit(128 + constants.signals[signal]);
      setInterval(() => running.size === 0 && leave(), 20);
      setTimeout(() => {
        for (const child of running) killGroup(child, "SIGKILL");
        leave();
      }, graceMs);
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}
