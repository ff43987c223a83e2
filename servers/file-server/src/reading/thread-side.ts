import type { MessagePort } from "node:worker_threads";
import { ToolError } from "#shared/core/errors.ts";
import { blockingCalls } from "../sandbox/disk-calls.ts";
import { openSandbox } from "../sandbox/sandbox.ts";
import type { FromThread, ThreadOptions, ToThread } from "./messages.ts";
import { runReading } from "./reader.ts";

/** Milliseconds between two reports of progress: each wakes another thread. */
const PROGRESS_MS = 100;

/** Does the reading that other threads ask for. What takes long gives others their turn. */
export function serveReader(port: MessagePort, options: ThreadOptions): void {
  const sandbox = openSandbox({ ...options, calls: blockingCalls });
  const running = new Map<number, AbortController>();
  const send = (message: FromThread) => port.postMessage(message);

  async function run({
    id,
    name,
    input,
    within,
  }: Exclude<ToThread, { cancel: true }>): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    let told = performance.now();
    try {
      const result = await runReading(await sandbox, name, input, {
        signal: controller.signal,
        ...(within && { within }),
        progress: (...progress) => {
          if (performance.now() - told < PROGRESS_MS) return;
          told = performance.now();
          send({ id, progress });
        },
      });
      send({ id, json: JSON.stringify(result) });
    } catch (error) {
      if (error instanceof ToolError) {
        const { code, message, details } = error;
        send({ id, refusal: { code, message, details } });
      } else send({ id, error });
    } finally {
      running.delete(id);
    }
  }

  port.on("message", (message: ToThread) => {
    if ("cancel" in message) running.get(message.id)?.abort();
    else void run(message);
  });
}
