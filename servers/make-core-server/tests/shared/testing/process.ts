// Copied from shared/testing/process.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { collectLines, type Lines } from "./lines.ts";
import { within } from "./within.ts";

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  readonly stdin: Writable;
  readonly stdout: Lines;
  readonly stderr: Lines;
  readonly exited: Promise<Exit>;
  /** How it ended; rejects when it does not end. Its output is whole by then. */
  exit(): Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** Closes our end of its stdout, as a client does that crashes. */
  closeStdout(): void;
  /** Ends it, whatever it does, and waits for that. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  /** The file that Node runs; `dist/stdio.cjs` and `dist/http.js` are those that users install. */
  entry: string;
  /** Arguments of Node before the file. */
  nodeArgs?: readonly string[];
  /** The whole environment beside PATH: nothing else of this process's is passed on. */
  env?: Readonly<Record<string, string>>;
  /** The working directory; the server's folder, in which vitest runs, unless told otherwise. */
  cwd?: string;
}

/**
 * What a process cannot do without; Windows finds no system library without its root. And that it is
 * a test, so that no `.env` is read: a developer's own has keys.
 */
export function bareEnvironment(): Record<string, string> {
  const { PATH = "", SystemRoot } = process.env;
  return { PATH, NODE_ENV: "test", ...(SystemRoot !== undefined && { SystemRoot }) };
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
const running = new Set<Child>();

/** A test run that is killed from outside leaves no server behind. */
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Starts a server as a user does: Node itself, no shell, no package manager. Started within a test
 * it is stopped when the test ends; started in a hook, the hook that undoes it must call `stop`.
 */
export function startProcess(options: ProcessOptions): ServerProcess {
  const { entry, nodeArgs = [], env = {}, cwd = process.cwd() } = options;
  const child: Child = spawn(process.execPath, [...nodeArgs, entry], {
    cwd,
    env: { ...bareEnvironment(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  running.add(child);
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  exited.catch(() => {}); // whoever needs the process awaits it
  child.stdin.on("error", () => {}); // a server that left shows in what it does not answer
  const stderr = collectLines(child.stderr);
  const saidOnStderr = () => `. Its stderr: ${stderr.text().trim() || "empty"}`;
  const server: ServerProcess = {
    stdin: child.stdin,
    stdout: collectLines(child.stdout, saidOnStderr),
    stderr,
    exited,
    exit: () => within(exited, () => `${entry} did not end${saidOnStderr()}`),
    signal: (name) => void child.kill(name),
    closeStdout: () => void child.stdout.destroy(),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await exited.catch(() => {});
    },
  };
  stopAfterTest(server.stop);
  return server;
}

function stopAfterTest(stop: () => Promise<void>): void {
  try {
    onTestFinished(stop);
  } catch {
    // in a hook there is no test to wait for the end of
  }
}
