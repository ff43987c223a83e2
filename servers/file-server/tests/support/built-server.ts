import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { initializeParams, isObject, parseMessage } from "../shared/testing/messages.ts";
import { within } from "../shared/testing/within.ts";

/** Who runs the server: an id of a user and a group, or whoever runs the tests. */
export type User = { uid: number; gid: number } | Record<never, never>;

export interface Answer {
  /** The whole message as it came. */
  line: string;
  isError: boolean;
}

export interface BuiltServer {
  call(tool: string, input: unknown, timeoutMs?: number): Promise<Answer>;
  read(uri: string, timeoutMs?: number): Promise<Answer>;
  /** Proposes paths for what is typed. */
  complete(value: string, timeoutMs?: number): Promise<Answer>;
  /** What the client answers from now on when it is asked for its roots. */
  setRoots(uris: readonly string[]): void;
  isAlive(): boolean;
  /** The most memory it had, in megabytes; undefined where the system does not tell. */
  peakMegabytes(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** Copies the built server to where every user may read it, wherever this folder lies. */
export async function installForAll(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "file-server-"));
  await chmod(folder, 0o755);
  await cp("dist", join(folder, "dist"), { recursive: true });
  await cp("package.json", join(folder, "package.json"));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/**
 * The server that users install, started as they start it: the allowed folder is an argument.
 * `folder` is where it was built or copied to.
 */
export async function startBuilt(
  root: string | readonly string[],
  {
    user = {},
    folder = ".",
    env = {},
    cwd = [root].flat()[0] ?? ".",
  }: { user?: User; folder?: string; env?: Record<string, string>; cwd?: string } = {},
): Promise<BuiltServer> {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [resolve(folder, "dist/stdio.cjs"), ...[root].flat()], {
    ...user,
    cwd,
    env: { PATH, LOG_LEVEL: "silent", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => {}); // it was killed: whoever waits for an answer hears of it
  const waiting = new Map<unknown, (line: string) => void>();
  let roots: readonly string[] = [];
  const send = (message: object) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, method } = parseMessage(line) ?? {};
    if (method === "roots/list") send({ id, result: { roots: roots.map((uri) => ({ uri })) } });
    else waiting.get(id)?.(line);
  });
  const ended = once(child, "close").then(() => {
    throw new Error("The server ended");
  });
  ended.catch(() => {}); // whoever waits for an answer hears of it
  let lastId = 0;
  const request = (method: string, params: unknown, timeoutMs?: number) => {
    lastId += 1;
    const id = lastId;
    const answer = new Promise<string>((done) => waiting.set(id, done));
    send({ id, method, params });
    return within(
      Promise.race([answer, ended]),
      () => `No answer to ${method} ${JSON.stringify(params)}`,
      timeoutMs,
    );
  };
  const capabilities = { roots: { listChanged: true } };
  await request("initialize", { ...initializeParams, capabilities }).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  return {
    async call(tool, input, timeoutMs) {
      const line = await request("tools/call", { name: tool, arguments: input }, timeoutMs);
      const { result } = parseMessage(line) ?? {};
      return { line, isError: !isObject(result) || result.isError === true };
    },
    async read(uri, timeoutMs) {
      const line = await request("resources/read", { uri }, timeoutMs);
      return { line, isError: !("result" in (parseMessage(line) ?? {})) };
    },
    async complete(value, timeoutMs) {
      const ref = { type: "ref/resource", uri: "file:///{+path}" };
      const argument = { name: "path", value };
      const line = await request("completion/complete", { ref, argument }, timeoutMs);
      return { line, isError: !("result" in (parseMessage(line) ?? {})) };
    },
    setRoots(uris) {
      roots = uris;
      send({ method: "notifications/roots/list_changed" });
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async peakMegabytes() {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
      const kilobytes = /^VmHWM:\s+(\d+)/m.exec(status)?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
    },
    async stop() {
      child.kill("SIGKILL");
      await ended.catch(() => {});
    },
  };
}
