import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { FilesCase, Limit } from "./files-cases.ts";
import { calling, listing, opened, opening, type ToolCall } from "./messages.ts";
import { memoryOf } from "./proc.ts";
import { openStdio, type StdioCommand, type StdioSession } from "./stdio-session.ts";

const exec = promisify(execFile);
const MAX_OUTPUT = 64 * 2 ** 20;

/** Who does a case, each run on its own. */
export interface Worker {
  name: string;
  /** Milliseconds that the run took. */
  run(run: number): Promise<number>;
  peakMb(): number | undefined;
  end(): Promise<void>;
}

export interface FilesServer {
  name: string;
  command: StdioCommand;
  call(one: FilesCase): ((run: number) => ToolCall) | undefined;
}

/** A process for this case alone, so that its greatest memory is the case's. */
export async function openServer(server: FilesServer, one: FilesCase): Promise<Worker | undefined> {
  const call = server.call(one);
  if (!call) return undefined;
  const session = openStdio(server.command);
  await session.ask(opening("2025"));
  await session.ask(listing("2025"), `${opened("2025")}\n`);
  return {
    name: server.name,
    run: async (run) => {
      const wanted = call(run);
      const started = performance.now();
      const text = await callTool(session, wanted);
      const ms = performance.now() - started;
      checkAnswer(text, one);
      return ms;
    },
    peakMb: () => {
      const memory = memoryOf(session.pid);
      return memory && memory.peakKb / 1024;
    },
    end: () => session.end(),
  };
}

async function callTool(session: StdioSession, call: ToolCall): Promise<string> {
  const result = await session.ask(calling("2025", call));
  const text = JSON.stringify(result.content);
  if (result.isError === true) throw new Error(text.slice(0, 200));
  return text;
}

/** A plain program, its start included. */
export function plainProgram(limit: (run: number) => Limit, one: FilesCase): Worker {
  return {
    name: "plain",
    run: async (run) => {
      const { command, args } = limit(run);
      const started = performance.now();
      const { stdout } = await exec(command, args, { maxBuffer: MAX_OUTPUT });
      const ms = performance.now() - started;
      checkAnswer(stdout, one);
      return ms;
    },
    peakMb: () => undefined,
    end: async () => {},
  };
}

function checkAnswer(text: string, { name, answer }: FilesCase): void {
  const times = answer.text === "" ? 1 : text.split(answer.text).length - 1;
  if (times < (answer.times ?? 1)) throw new Error(`${name}: ${times} times ${answer.text}`);
}
