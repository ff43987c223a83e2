import { setTimeout as delay } from "node:timers/promises";
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

/** Milliseconds between two looks at the memory while lines are searched. */
const LOOK_MS = 50;
/**
 * Bytes that the process may grow by meanwhile. V8's linear engine takes a hundred bytes for each step of
 * an expression and gives none back before it is done: a gigabyte a second, of an expression of a line.
 */
const MAX_GROWTH = 2 ** 28;

/** Threads that a call is given to, one after another, when each is stopped because of another call. */
export const MAX_TRIES = 3;

/** Its thread ended because of another call. */
const LOST = new Error("The thread has ended");

interface Waiting {
  isExpression: boolean;
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
    run: async (name, input, job) => {
      for (let tries = 1; ; tries += 1) {
        if (!thread?.isAlive) await thread?.freed;
        if (!thread?.isAlive) thread = new ReadingThread(file, options);
        try {
          return await thread.run<never>(name, input as never, job);
        } catch (error) {
          if (error !== LOST) throw error;
          if (tries === MAX_TRIES) throw refuse("busy", { cause: error });
        }
      }
    },
    close: async () => {
      await thread?.end();
    },
  };
}

class ReadingThread {
  isAlive = true;
  /** Its memory is given back: what comes next is measured from there. Only where it took too much. */
  freed: Promise<unknown> | undefined;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #watch: NodeJS.Timeout | undefined;

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
      const isExpression = isExpressionOf(input);
      this.#waiting.set(id, { isExpression, job, resolve, reject, end });
      if (isExpression) this.#watchMemory();
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
    if (waiting.isExpression && !this.#isSearching) this.#unwatch();
    const { signal } = waiting.job;
    if ("json" in message) waiting.resolve(JSON.parse(message.json) as never);
    else if ("refusal" in message) waiting.reject(toolError(message.refusal));
    else waiting.reject(signal.aborted ? signal.reason : message.error);
  }

  get #isSearching(): boolean {
    return [...this.#waiting.values()].some(({ isExpression }) => isExpression);
  }

  #watchMemory(): void {
    if (this.#watch) return;
    const most = process.memoryUsage.rss() + MAX_GROWTH;
    this.#watch = setInterval(() => {
      if (process.memoryUsage.rss() > most) this.#stopExpressions();
    }, LOOK_MS).unref();
  }

  #unwatch(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  /** V8 can be stopped in an expression only with its thread; the other calls begin again. */
  #stopExpressions(): void {
    const ended = this.#leave(({ isExpression }) =>
      isExpression
        ? refuse("too_large", {
            because:
              "The expression takes too much memory on these files: make it simpler, with fewer repetitions, or search a smaller folder",
          })
        : LOST,
    );
    this.freed = Promise.race([ended, delay(STUCK_MS, undefined, { ref: false })]);
  }

  /** Nothing more is expected of it: whoever waits is told, and the next call starts another. */
  #giveUp(cause?: unknown): void {
    void this.#leave(() => refuse("busy", { cause }));
  }

  /** Resolves when the thread has ended, which one that waits for a disk may never. */
  #leave(why: (waiting: Waiting) => Error): Promise<unknown> {
    this.isAlive = false;
    this.#unwatch();
    const left = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of left) {
      waiting.end();
      waiting.reject(why(waiting));
    }
    return this.#worker.terminate();
  }
}

/** Letters of either case are an expression too. */
const isExpressionOf = (input: { regex?: boolean; ignore_case?: boolean }) =>
  input.regex === true || input.ignore_case === true;

const toolError = ({
  code,
  message,
  details,
}: Extract<FromThread, { refusal: unknown }>["refusal"]) =>
  new ToolError(code, message, { details });
