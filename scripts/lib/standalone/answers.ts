import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../unknown.ts";
import { emptyEnvironment } from "./environment.ts";
import {
  type Connection,
  listTools2025,
  listTools2026,
  newVersion,
  oldVersion,
} from "./raw-client.ts";
import { connectHttp2025, connectHttp2026 } from "./raw-http.ts";
import { startStdio } from "./raw-stdio.ts";
import { startHttp } from "./start-http.ts";
import type { Step } from "./steps.ts";

interface Era {
  version: string;
  connectHttp(url: string): Connection;
  listTools(connection: Connection): Promise<string[]>;
}

const eras: Era[] = [
  { version: oldVersion, connectHttp: connectHttp2025, listTools: listTools2025 },
  { version: newVersion, connectHttp: connectHttp2026, listTools: listTools2026 },
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

async function answerStdio(folder: string, era: Era): Promise<void> {
  const server = startStdio(["dist/stdio.js"], { cwd: folder, env: emptyEnvironment() });
  try {
    assertListed(await era.listTools(server), folder);
    assertExit(await server.end(), "the end of stdin");
  } finally {
    server.kill();
  }
}

async function answerHttp(folder: string, era: Era): Promise<void> {
  const server = await startHttp(["dist/http.js"], { cwd: folder, env: emptyEnvironment() });
  try {
    assertListed(await era.listTools(era.connectHttp(server.url)), folder);
    if (posix) assertExit(await server.terminate(), "SIGTERM");
  } finally {
    server.kill();
  }
}

/** What the built files of a server in this folder must do, with no variable set. */
export function answerSteps(folder: string): Step[] {
  const end = posix ? ", SIGTERM" : "";
  return [
    ...eras.map((era) => ({
      name: `stdio ${era.version}: list, end of stdin`,
      run: () => answerStdio(folder, era),
    })),
    ...eras.map((era) => ({
      name: `http ${era.version}: list${end}`,
      run: () => answerHttp(folder, era),
    })),
  ];
}
