import { Worker } from "node:worker_threads";
import { toFailure } from "./failure.ts";
import type {
  Asked,
  FromChild,
  Kind,
  Replies,
  Request,
  Source,
  ToChild,
  Work,
} from "./messages.ts";

const WATCH_MS = 100;

/** An open database, as a child process serves it. */
export interface Opened {
  /** Of a copy: whether what was copied is still the same. */
  isFresh?: () => boolean;
  run: { [K in Work]: (asked: Asked[K]) => Promise<Replies[K]> };
}

/**
 * The life of a child process with one open database. A statement cannot be stopped from the thread
 * that runs it, nor from another one: the parent kills the process. If the parent dies first, nobody
 * would, and no engine counts all the memory that a statement takes: so it watches itself, and ends
 * beyond `maxRssBytes`.
 */
export function serve(connect: (source: Source) => Promise<Opened>, maxRssBytes: number): void {
  let source: Source | undefined;
  let opened: Promise<Opened> | undefined;

  function open(given: Source): Promise<Opened> {
    opened ??= connect(given);
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  }

  /** Opens before it is asked: what fails is told to the first who asks. */
  async function start(given: Source): Promise<void> {
    source = given;
    const found = await open(given).catch(() => undefined);
    send({ ready: true, copy: found?.isFresh !== undefined });
  }

  async function answer(id: number, request: Request): Promise<void> {
    try {
      if (source === undefined) throw new Error("Nothing was opened");
      send({ id, result: await runOne(await open(source), request) });
    } catch (error) {
      send({ id, failure: toFailure(error) });
    }
  }

  process.on("disconnect", () => process.exit(0));
  process.on("message", (message: ToChild) => {
    if ("open" in message) void start(message.open);
    else void answer(message.id, message.request);
  });
  new Worker(watchdog(maxRssBytes), { eval: true }).unref();
}

function runOne({ isFresh, run }: Opened, request: Request): Promise<Replies[Kind]> {
  if (request.kind === "fresh") return Promise.resolve(isFresh?.() ?? true);
  const work: (asked: never) => Promise<Replies[Kind]> = run[request.kind];
  return work(request as never);
}

const watchdog = (maxRssBytes: number) => `
  const { ppid, pid } = process;
  setInterval(() => {
    if (process.ppid === ppid && process.memoryUsage.rss() < ${maxRssBytes}) return;
    process.kill(pid, "SIGKILL");
  }, ${WATCH_MS});`;

function send(message: FromChild): void {
  process.send?.(message);
}
