import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { bareEnvironment } from "../shared/testing/process.ts";

/** A server elsewhere, which somebody starts again when it ends. */
export interface Remote {
  /** Resolves when it listens, or has ended again. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const AGAIN_MS = 300;
/** A process that loops is ended by whoever runs it: here, after so many milliseconds without an answer. */
const DEAF_MS = 2_500;

export function keepRemote(env: Record<string, string>): Remote {
  let child: ChildProcess | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let watch: NodeJS.Timeout | undefined;

  async function start(): Promise<void> {
    if (stopped) return;
    const args = ["--max-old-space-size=48", resolve("tests/fixtures/foreign-http.js")];
    const own = spawn(process.execPath, args, {
      env: { ...bareEnvironment(), ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    child = own;
    own.once("exit", () => {
      timer = setTimeout(() => void start(), AGAIN_MS);
    });
    clearInterval(watch);
    watch = setInterval(() => void endDeaf(own, env.PORT ?? ""), DEAF_MS);
    await Promise.race([once(own.stderr, "data"), once(own, "exit")]);
  }

  return {
    start,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      clearInterval(watch);
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function endDeaf(child: ChildProcess, port: string): Promise<void> {
  const answer = fetch(`http://127.0.0.1:${port}/`, {
    method: "PUT",
    signal: AbortSignal.timeout(DEAF_MS - 500),
  });
  await answer.catch(() => child.kill("SIGKILL"));
}
