import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { until } from "../shared/testing/within.ts";
import { freePort } from "./nginx.ts";

export const REDIS = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"].find((file) =>
  existsSync(file),
);

export interface TestRedis {
  url: string;
  kill(): Promise<void>;
  /** On the same port, empty. */
  start(): Promise<void>;
}

/** A Redis of the test's own, which may be killed and started again. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const options = [
      "--port",
      String(port),
      "--save",
      "",
      "--appendonly",
      "no",
      "--bind",
      "127.0.0.1",
    ];
    child = spawn(REDIS ?? "redis-server", options, { stdio: "ignore" });
    await until(() => isListening(port), "Redis");
  };
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  await start();
  return { url: `redis://127.0.0.1:${port}`, kill, start };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
