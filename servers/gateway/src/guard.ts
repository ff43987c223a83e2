/**
 * Runs one command and ends it with the gateway, also when the gateway is killed: then the other end of
 * its lifeline closes. The command has the guard's stdin, stdout and stderr themselves, so nothing that
 * they say passes through here. It has the guard's process group too, and a mark in its environment, so
 * whatever it starts ends with it.
 */
import { spawn } from "node:child_process";
import { Socket } from "node:net";
import {
  CHANNEL_FD,
  type GuardedCommand,
  type GuardReport,
  LIFELINE_FD,
} from "./guard/lifeline.ts";
import { MARK, signalMarked } from "./guard/marked.ts";

/** Milliseconds between asking the group to end and ending it. */
const GRACE_MS = 1_000;
const BAD_START = 127;

const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: true });
// the group is asked to end by signals, and the guard is the last to leave it
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});

let ending = false;
let mark = "";

/** The guard is of the group: what ends the group ends it too. */
function signalAll(signal: NodeJS.Signals): void {
  if (mark !== "") signalMarked(mark, signal);
  try {
    process.kill(-process.pid, signal);
  } catch {
    // nobody is left in it
  }
}

function endGroup(): void {
  if (ending) return;
  ending = true;
  signalAll("SIGTERM");
  setTimeout(() => signalAll("SIGKILL"), GRACE_MS);
}

/** Says how the command ended; then what it left behind ends, and the guard with it. */
function report(said: GuardReport, code: number): void {
  const leave = () => {
    signalAll("SIGKILL");
    process.exit(code);
  };
  if (lifeline.destroyed) leave();
  else lifeline.end(`${JSON.stringify(said)}\n`, leave);
}

function run({ command, args, env, cwd, channel, mark: own }: GuardedCommand): void {
  mark = own;
  const child = spawn(command, args, {
    env: { ...env, [MARK]: mark },
    ...(cwd !== undefined && { cwd }),
    stdio: ["inherit", "inherit", "inherit", "ignore", channel ? CHANNEL_FD : "ignore"],
  });
  child.once("error", (error) => {
    const code = "code" in error ? String(error.code) : error.message;
    report({ failed: code }, BAD_START);
  });
  child.once("exit", (code, signal) => report({ code, signal }, code ?? 1));
}

let said = "";
let started = false;
lifeline.setEncoding("utf8");
lifeline.on("data", (text: string) => {
  said += text;
  const end = said.indexOf("\n");
  if (started || end === -1) return;
  started = true;
  run(JSON.parse(said.slice(0, end)) as GuardedCommand);
});
lifeline.on("error", endGroup);
lifeline.on("close", endGroup);
lifeline.on("end", endGroup);
