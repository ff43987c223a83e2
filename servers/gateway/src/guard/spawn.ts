import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Duplex, Readable, Writable } from "node:stream";
import { inTime } from "../mounts/in-time.ts";
import { MountError } from "../mounts/mount-error.ts";
import { entryFile } from "./entries.ts";
import { CHANNEL_FD, type GuardedCommand, type GuardReport, LIFELINE_FD } from "./lifeline.ts";
import { signalMarked } from "./marked.ts";

/** A command under its guard. */
export interface Guarded {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** Where the host of a package talks; absent unless it was asked for. */
  channel: Duplex | undefined;
  /** Why it ended, in words; it never rejects. */
  ended: Promise<string>;
  /** Asks it to end by closing its stdin, then by SIGTERM, then ends it and all that it started. */
  end(): Promise<void>;
}

/** Milliseconds from one way of ending it to the next. */
const STDIN_END_MS = 1_000;
const SIGTERM_MS = 1_500;

/** Enough for a guard: it only waits. */
const GUARD_OPTIONS = ["--max-old-space-size=16", "--max-semi-space-size=1"];

/** Starts a command without a shell, in a process group of its own. */
export function spawnGuarded(given: Omit<GuardedCommand, "mark">): Guarded {
  const command = { ...given, mark: randomUUID() };
  const guard = spawn(process.execPath, [...GUARD_OPTIONS, entryFile("guard")], {
    detached: true,
    // what the command gets is sent to the guard, so that none of it acts on the guard
    env: {},
    stdio: ["pipe", "pipe", "pipe", "pipe", command.channel ? "pipe" : "ignore"],
  });
  const { stdin, stdout, stderr } = guard;
  if (!stdin || !stdout || !stderr) throw new MountError("its guard has no pipes");
  const lifeline = guard.stdio[LIFELINE_FD] as Duplex;
  const channel = command.channel ? (guard.stdio[CHANNEL_FD] as Duplex) : undefined;
  const ended = watch(guard, lifeline, command);
  // a command that has left shows in `ended`, not in what is still written to it
  for (const stream of [stdin, lifeline, channel]) stream?.on("error", () => {});
  lifeline.write(`${JSON.stringify(command)}\n`);
  return {
    stdin,
    stdout,
    stderr,
    channel,
    ended,
    end: async () => {
      stdin.end();
      channel?.end();
      if (await isOverIn(ended, STDIN_END_MS)) return;
      signalGroup(guard, "SIGTERM");
      if (await isOverIn(ended, SIGTERM_MS)) return;
      signalGroup(guard, "SIGKILL");
      await ended;
    },
  };
}

function watch(guard: ChildProcess, lifeline: Duplex, { command, mark }: GuardedCommand) {
  let said = "";
  lifeline.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise<string>((resolve) => {
    guard.once("error", (error) => resolve(`its guard did not start: ${error.message}`));
    guard.once("exit", (_, signal) => {
      if (signal === null) return;
      // a guard that is killed leaves others
      signalGroup(guard, "SIGKILL");
      signalMarked(mark, "SIGKILL");
    });
    guard.once("close", (code, signal) => {
      resolve(endOf(said, command) ?? `its guard ended with ${code ?? signal}`);
    });
  });
}

/** The guard's report in words; undefined when it made none. */
function endOf(said: string, command: string): string | undefined {
  if (!said.endsWith("\n")) return undefined;
  const report = JSON.parse(said) as GuardReport;
  if (!("failed" in report)) return `it ended with ${report.code ?? report.signal}`;
  if (report.failed === "ENOENT") return `there is no command ${command}`;
  return `${command} could not be started: ${report.failed}`;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // the group is empty
  }
}

const isOverIn = (ended: Promise<string>, limitMs: number): Promise<boolean> =>
  inTime(
    ended.then(() => true),
    limitMs,
    () => false,
  );

/** Waits for a start to come to something, and fails as soon as the command has ended. */
export async function unlessEnded<T>(
  work: Promise<T>,
  ended: Promise<string>,
  why: (reason: string) => string = (reason) => reason,
): Promise<T> {
  const failed = ended.then((reason): never => {
    throw new MountError(why(reason));
  });
  failed.catch(() => {});
  return Promise.race([work, failed]);
}
