import { Worker } from "node:worker_threads";
import { builtEntry } from "#shared/core/built-entry.ts";
import { ToolError } from "#shared/core/errors.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { Job } from "./job.ts";
import type { FromThread, ThreadOptions, ToThread } from "./messages.ts";
import type { Reader } from "./reader.ts";

/** Milliseconds that a cancelled reading has to end: then the disk does not answer, and the thread is given up. */
export const STUCK_MS = 5_000;
/** The heap of the thread; what it reads into lies outside. Two large answers fit, a runaway one does not. */
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 6 };

interface Waiting {
  job: Job;
  resolve(result: never): void;
  reject(error: unknown): void;
  end(): void;
}

/** The built file of the thread; undefined from source. */
export const threadFile = (): string | undefined => builtEntry("reader", import.meta.url);

/**
 * A thread that reads for the tools. It may wait for the disk, so it calls the system directly, ten
 * times as often in a second, and the protocol is never kept waiting. One that does not come back
 * is left behind, and the next call starts another.
 */
export function threadReader(file: string, options: ThreadOptions): Reader {
  let thread: ReadingThread | undefined;
  return {
    run: (name, input, job) => {
      if (!thread?.isAlive) thread = new ReadingThread(file, options);
      return thread.run(name, input as never, job);
    },
    close: async () => {
      await thread?.end();
    },
  };
}

class ReadingThread {
  isAlive = true;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(file: string, options: ThreadOptions) {
    this.#worker = new Worker(file, { workerData: options, resourceLimits: LIMITS, env: {} });
    this.#worker.on("message", (message: FromThread) => this.#take(message));
    this.#worker.on("error", (error) => this.#giveUp(error));
    this.#worker.on("exit", () => this.#giveUp());
    this.#worker.unref();
  }

  run<T>(name: Extract<ToThread, { name: unknown }>["name"], input: never, job: Job): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { signal, within } = job;
    return new Promise((resolve, reject) => {
      let stuck: NodeJS.Timeout | undefined;
      const cancel = () => {
        this.#send({ id, cancel: true });
        stuck = setTimeout(() => this.#giveUp(), STUCK_MS).unref();
      };
      const end = () => {
        clearTimeout(stuck);
        signal.removeEventListener("abort", cancel);
      };
      this.#waiting.set(id, { job, resolve, reject, end });
      this.#send({ id, name, input, ...(within && { within }) });
      if (signal.aborted) cancel();
      else signal.addEventListener("abort", cancel, { once: true });
    });
  }

  async end(): Promise<void> {
    this.#giveUp();
    await this.#worker.terminate();
  }

  #send(message: ToThread): void {
    if (this.isAlive) this.#worker.postMessage(message);
  }

  #take(message: FromThread): void {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    if ("progress" in message) {
      waiting.job.progress(...message.progress);
      return;
    }
    this.#waiting.delete(message.id);
    waiting.end();
    const { signal } = waiting.job;
    if ("json" in message) waiting.resolve(JSON.parse(message.json) as never);
    else if ("refusal" in message) waiting.reject(toolError(message.refusal));
    else waiting.reject(signal.aborted ? signal.reason : message.error);
  }

  /** Nothing more is expected of it: whoever waits is told, and the next call starts another. */
  #giveUp(cause?: unknown): void {
    this.isAlive = false;
    const left = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { end, reject } of left) {
      end();
      reject(refuse("busy", { cause }));
    }
    void this.#worker.terminate();
  }
}

const toolError = ({
  code,
  message,
  details,
}: Extract<FromThread, { refusal: unknown }>["refusal"]) =>
  new ToolError(code, message, { details });
