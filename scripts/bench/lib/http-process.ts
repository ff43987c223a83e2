import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { killGroup, spawnGroup } from "../../lib/run.ts";
import { messageOf } from "../../lib/unknown.ts";
import { type HttpSession, openSession } from "./http-session.ts";
import type { Era } from "./messages.ts";
import { cleanEnvironment, lastError } from "./stdio-session.ts";

export interface HttpProcess {
  pid: number;
  port: number;
  /** For a message to a program that listens to its parent, and its answer. */
  ask(message: unknown): Promise<unknown>;
  /** Opens a session, waiting until the server is up; throws with what it said when it is not. */
  session(path: string, era: Era, headers?: Record<string, string>): Promise<HttpSession>;
  end(): Promise<void>;
}

interface Start {
  node: string;
  args(port: number): readonly string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Whether the program listens to what its parent asks. */
  listens?: boolean;
}

const START_MS = 10_000;
const END_MS = 3_000;
const KEPT_STDERR = 4_000;

/** Starts a server on a free port, which it learns from PORT or its arguments. */
export async function startProcess({ node, args, cwd, env, listens }: Start): Promise<HttpProcess> {
  const port = await freePort();
  const child = spawnGroup(node, [...args(port)], {
    cwd,
    env: cleanEnvironment({ ...env, PORT: String(port), HOST: "127.0.0.1" }),
    stdio: ["ignore", "ignore", "pipe", ...(listens ? ["ipc" as const] : [])],
  });
  const { pid, stderr } = child;
  if (pid === undefined || !stderr) throw new Error(`cannot start ${node}`);
  const closed = once(child, "close");
  let errors = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-KEPT_STDERR);
  });
  return {
    pid,
    port,
    async ask(message) {
      const answer = once(child, "message");
      child.send(message as object);
      const [first] = await answer;
      return first as unknown;
    },
    async session(path, era, headers) {
      const started = performance.now();
      for (;;) {
        try {
          return await openSession(`http://127.0.0.1:${port}${path}`, era, headers);
        } catch (error) {
          if (child.exitCode !== null) throw new Error(`ended: ${lastError(errors)}`);
          const late = performance.now() - started > START_MS;
          const reason = messageOf(error);
          if (late)
            throw new Error(`${reason} within ${START_MS} ms; it said: ${lastError(errors)}`);
          if (!mayYetCome(reason)) throw error;
        }
        await sleep(50);
      }
    },
    async end() {
      killGroup(child, "SIGTERM");
      const timer = setTimeout(() => killGroup(child, "SIGKILL"), END_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Nobody listens yet, or a gateway still starts what is behind it. */
const mayYetCome = (reason: string) =>
  /ECONNREFUSED|ECONNRESET|HTTP 50[23]|lists no tool/.test(reason);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
