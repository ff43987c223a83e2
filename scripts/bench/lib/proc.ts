import { readdirSync, readFileSync } from "node:fs";
import { type ProcessMemory, parseSchedstat, parseStat, parseStatus } from "./proc-parse.ts";

/** What the kernel says of a running process; undefined on systems without /proc. */

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

const TICK_US = 10_000;

/**
 * Microseconds of CPU, user and system, of all threads that live. Ticks of 10 ms where the kernel
 * keeps no finer count: then only long measurements mean something.
 */
export function cpuMicros(pid: number): number | undefined {
  const threads = list(`/proc/${pid}/task`)
    .map((thread) => parseSchedstat(read(`/proc/${pid}/task/${thread}/schedstat`)))
    .filter((nanoseconds) => nanoseconds !== undefined);
  const sum = threads.reduce((total, nanoseconds) => total + nanoseconds, 0);
  if (sum > 0) return sum / 1000;
  const stat = parseStat(read(`/proc/${pid}/stat`));
  return stat && stat.ticks * TICK_US;
}

/** Whether times below a tick are told apart here. */
export const hasFineCpu = (): boolean =>
  (parseSchedstat(read("/proc/thread-self/schedstat")) ?? 0) > 0;

export const memoryOf = (pid: number): ProcessMemory | undefined =>
  parseStatus(read(`/proc/${pid}/status`));

/** The process and everything it started that still runs. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of list("/proc")) {
    const stat = /^\d+$/.test(name) ? parseStat(read(`/proc/${name}/stat`)) : undefined;
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(name)]);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

/** CPU of a process with all it started, also of what has ended since. */
export function familyCpuMicros(pid: number): number | undefined {
  const times = familyOf(pid).map((member) => {
    const own = cpuMicros(member);
    const reaped = parseStat(read(`/proc/${member}/stat`))?.reapedTicks ?? 0;
    return own === undefined ? undefined : own + reaped * TICK_US;
  });
  return times[0] === undefined ? undefined : times.reduce((sum: number, us) => sum + (us ?? 0), 0);
}
