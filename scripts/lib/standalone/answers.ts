import { readFileSync } from "node:fs";
import { join } from "node:path";
import { declaredExample } from "../example.ts";
import { isRecord } from "../unknown.ts";
import { emptyEnvironment } from "./environment.ts";
import {
  type Connection,
  newVersion,
  oldVersion,
  type Talk,
  talk2025,
  talk2026,
} from "./raw-client.ts";
import { connectHttp2025, connectHttp2026 } from "./raw-http.ts";
import { startStdio } from "./raw-stdio.ts";
import { startHttp } from "./start-http.ts";
import type { Step } from "./steps.ts";

export interface Era extends Talk {
  version: string;
  connectHttp(url: string, headers?: Record<string, string>): Connection;
}

export const eras: readonly Era[] = [
  { ...talk2025, version: oldVersion, connectHttp: connectHttp2025 },
  { ...talk2026, version: newVersion, connectHttp: connectHttp2026 },
];

const posix = process.platform !== "win32";

interface LockedTool {
  name: string;
  /** In a toolset or behind a feature, so that it may be off when nothing is configured. */
  switchable: boolean;
}

function lockedTools(folder: string): LockedTool[] {
  const lock: unknown = JSON.parse(readFileSync(join(folder, "tools.lock.json"), "utf8"));
  const tools = isRecord(lock) && Array.isArray(lock.tools) ? lock.tools : [];
  return tools.flatMap((tool: unknown) => {
    if (!isRecord(tool) || typeof tool.name !== "string") return [];
    const switchable = tool.toolset !== undefined || tool.feature !== undefined;
    return [{ name: tool.name, switchable }];
  });
}

/** The list is that of the lock, in its order; only what can be switched off may be missing. */
export function assertListed(listed: string[], folder: string): void {
  const locked = lockedTools(folder);
  const expected = locked
    .filter(({ name, switchable }) => !switchable || listed.includes(name))
    .map(({ name }) => name);
  if (JSON.stringify(listed) === JSON.stringify(expected)) return;
  throw new Error(`Listed ${listed.join(", ")}; tools.lock.json has ${expected.join(", ")}`);
}

function assertExit(code: number | null, after: string): void {
  if (code !== 0) throw new Error(`Ended with ${code ?? "a signal"} after ${after}, not with 0`);
}

/** Lists the tools, and calls the one that the server declares safe, so that its code is loaded. */
async function converse(connection: Connection, source: string, era: Era): Promise<void> {
  await era.open(connection);
  const listed = await era.list(connection);
  assertListed(
    listed.map(({ name }) => name),
    source,
  );
  const example = declaredExample(source);
  if (example) await era.call(connection, example.tool, example.input);
}

/** Where the built files of a server are, and what they should list. */
export interface Answering {
  /** Where they are started. */
  cwd: string;
  /** From there. */
  dist: string;
  /** The server's folder, which says what it should list and what may be called. */
  source: string;
}

async function answerStdio({ cwd, dist, source }: Answering, era: Era): Promise<void> {
  await answerOnStdin([`${dist}/stdio.cjs`], { cwd, env: emptyEnvironment() }, source, era);
}

/** Starts a program that should answer as the server in the folder says, and end with its stdin. */
export async function answerOnStdin(
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
  source: string,
  era: Era,
): Promise<void> {
  const server = startStdio(args, options);
  try {
    await converse(server, source, era);
    assertExit(await server.end(), "the end of stdin");
  } finally {
    server.kill();
  }
}

async function answerHttp({ cwd, dist, source }: Answering, era: Era): Promise<void> {
  const server = await startHttp([`${dist}/http.js`], { cwd, env: emptyEnvironment() });
  try {
    await converse(era.connectHttp(server.url), source, era);
    if (posix) assertExit(await server.terminate(), "SIGTERM");
  } finally {
    server.kill();
  }
}

/** What the built files of a server must do, with no variable set. */
export function answerSteps(server: Answering): Step[] {
  const end = posix ? ", SIGTERM" : "";
  return [
    ...eras.map((era) => ({
      name: `stdio ${era.version}: list, call, end of stdin`,
      run: () => answerStdio(server, era),
    })),
    ...eras.map((era) => ({
      name: `http ${era.version}: list, call${end}`,
      run: () => answerHttp(server, era),
    })),
  ];
}
