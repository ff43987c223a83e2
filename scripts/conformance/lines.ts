import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { isRecord } from "../lib/unknown.ts";

/** Calls `listener` with each message that a server writes to stdout, one a line. */
export function onMessages(
  { stdout }: ChildProcess,
  listener: (message: Record<string, unknown>) => void,
): void {
  if (!stdout) throw new Error("The server has no stdout");
  createInterface({ input: stdout }).on("line", (line) => {
    const message: unknown = JSON.parse(line);
    if (isRecord(message)) listener(message);
  });
}

export function writeMessage({ stdin }: ChildProcess, message: object): void {
  stdin?.write(`${JSON.stringify(message)}\n`);
}
