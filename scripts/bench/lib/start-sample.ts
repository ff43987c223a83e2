import { execFile } from "node:child_process";
import { isRecord } from "../../lib/unknown.ts";
import { calling, type Era, listing, opened, opening, type ToolCall } from "./messages.ts";
import { cpuMicros, memoryOf } from "./proc.ts";
import { cleanEnvironment, openStdio, type StdioCommand } from "./stdio-session.ts";

/** One start: milliseconds since the spawn, CPU and memory at the same moments. */
export interface StartSample {
  listMs: number;
  callMs: number;
  listCpuMs: number;
  callCpuMs: number;
  /** The most memory until the list was answered. */
  peakMb: number;
  /** Whether the first call answered with a failure of the tool. */
  failed: boolean;
}

const ms = (us: number | undefined) => (us === undefined ? Number.NaN : us / 1000);

/** Does what a client does: open, list the tools, call one. `choose` picks the call from the list. */
export async function measureStart(
  command: StdioCommand,
  era: Era,
  choose: (tools: unknown) => ToolCall,
): Promise<StartSample> {
  const session = openStdio(command);
  try {
    await session.ask(opening(era));
    const notice = opened(era);
    const { tools } = await session.ask(listing(era), notice && `${notice}\n`);
    const listMs = performance.now() - session.startedAt;
    const listCpuMs = ms(cpuMicros(session.pid));
    const peakMb = (memoryOf(session.pid)?.peakKb ?? Number.NaN) / 1024;
    const call = calling(era, choose(tools));
    const asked = performance.now();
    const result = await session.ask(call);
    const callMs = listMs + performance.now() - asked;
    const callCpuMs = ms(cpuMicros(session.pid));
    const failed = isRecord(result) && result.isError === true;
    return { listMs, callMs, listCpuMs, callCpuMs, peakMb, failed };
  } finally {
    await session.end();
  }
}

/**
 * What any program on this Node costs: `node -e 0`, from the spawn to the exit. It tells its CPU
 * time and memory itself, with its last words, because nobody can ask it afterwards.
 */
export function measureFloor(node: string): Promise<StartSample> {
  const words = `process.on("exit", () => require("fs").writeSync(1, JSON.stringify(process.resourceUsage())))`;
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    execFile(node, ["-e", words], { env: cleanEnvironment() }, (error, stdout) => {
      const wallMs = performance.now() - startedAt;
      if (error) return reject(error);
      const usage: unknown = JSON.parse(stdout);
      if (!isRecord(usage)) return reject(new Error("node -e says nothing"));
      const cpuMs = (Number(usage.userCPUTime) + Number(usage.systemCPUTime)) / 1000;
      const peakMb = Number(usage.maxRSS) / 1024;
      const both = { listMs: wallMs, callMs: wallMs, listCpuMs: cpuMs, callCpuMs: cpuMs };
      resolve({ ...both, peakMb, failed: false });
    });
  });
}
