import { readdirSync, readFileSync } from "node:fs";

/** The variable that marks a command and all that it starts, whatever session or group they move to. */
export const MARK = "FLOTILLA_GUARD";

/** A process that ends may start another meanwhile. */
const MAX_ROUNDS = 5;

/**
 * Signals every process that was started with this mark in its environment. Linux tells the
 * environment of a process; elsewhere nobody is found. What clears its environment is not either.
 */
export function signalMarked(mark: string, signal: NodeJS.Signals): void {
  const wanted = `${MARK}=${mark}`;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = processes().filter((pid) => environmentOf(pid).includes(wanted));
    for (const pid of found) send(pid, signal);
    // one that may go on after the signal would be found for ever
    if (found.length === 0 || signal !== "SIGKILL") return;
  }
}

function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Empty of one that has ended, or belongs to somebody else. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended
  }
}
