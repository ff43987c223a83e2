import { calling, listing, opened, opening } from "./messages.ts";
import { familyOf, memoryOf } from "./proc.ts";
import { openStdio, type StdioCommand } from "./stdio-session.ts";

/** One start up to the answer of tools/list, and the memory when all behind it serves. */
export interface ListSample {
  /** Milliseconds since the spawn. */
  listMs: number;
  /** The most memory of each process until the list, added up; NaN where the kernel does not say. */
  peakMb: number;
  /** The same once each server has answered a call. */
  servingMb: number;
  /** Processes that run then. */
  processes: number;
  tools: number;
  /** Of the result as JSON, in UTF-8. */
  bytes: number;
}

export interface Listing {
  /** How many tools make a whole list. */
  expected: number;
  /** Tools without arguments, one of each server. */
  calls: readonly string[];
}

/** Opens, lists and calls as a client of 2025 does. Throws when the list is not whole. */
export async function measureList(
  command: StdioCommand,
  { expected, calls }: Listing,
): Promise<ListSample> {
  const session = openStdio(command);
  try {
    await session.ask(opening("2025"));
    const result = await session.ask(listing("2025"), `${opened("2025")}\n`);
    const listMs = performance.now() - session.startedAt;
    const { peakMb } = familyPeak(session.pid);
    for (const name of calls) await session.ask(calling("2025", { name, arguments: {} }));
    const { peakMb: servingMb, processes } = familyPeak(session.pid);
    return { listMs, peakMb, servingMb, processes, ...listSize(result, expected) };
  } finally {
    await session.end();
  }
}

function familyPeak(pid: number): Pick<ListSample, "peakMb" | "processes"> {
  const family = familyOf(pid);
  const peaks = family.map((member) => memoryOf(member)?.peakKb ?? Number.NaN);
  return {
    peakMb: peaks.reduce((sum, peak) => sum + peak, 0) / 1024,
    processes: family.length,
  };
}

/** Tools and bytes of a result of tools/list. */
export function listSize(
  result: Record<string, unknown>,
  expected: number,
): Pick<ListSample, "tools" | "bytes"> {
  const tools = Array.isArray(result.tools) ? result.tools.length : 0;
  if (tools !== expected)
    throw new Error(`lists ${tools} tools where the lock files have ${expected}: run pnpm build`);
  return { tools, bytes: Buffer.byteLength(JSON.stringify(result)) };
}
