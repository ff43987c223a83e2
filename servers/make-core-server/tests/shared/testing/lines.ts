// Copied from shared/testing/lines.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Readable } from "node:stream";
import { PATIENCE_MS } from "./within.ts";

/** The lines a stream has brought so far, and the next ones. */
export interface Lines {
  readonly all: readonly string[];
  /** Everything so far, also what no newline has ended yet. */
  text(): string;
  /** The first line, past or to come, that fits. Rejects when the stream ends without one. */
  find(fits: (line: string) => boolean, what: string): Promise<string>;
}

interface Waiter {
  fits(line: string): boolean;
  resolve(line: string): void;
  reject(error: Error): void;
  what: string;
}

/** Collects the lines of a stream; `context` adds to an error what else is worth knowing. */
export function collectLines(stream: Readable, context: () => string = () => ""): Lines {
  const all: string[] = [];
  const waiters = new Set<Waiter>();
  let rest = "";
  let ended = false;

  const failure = (what: string, why: string) =>
    new Error(`${what}: ${why}. Lines so far: ${all.slice(-5).join(" | ") || "none"}${context()}`);

  function take(line: string): void {
    all.push(line);
    for (const waiter of waiters) if (waiter.fits(line)) waiter.resolve(line);
  }

  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) take(part);
  });
  stream.on("error", () => {}); // the other end may leave first; what is missing shows in `find`
  stream.once("close", () => {
    ended = true;
    if (rest !== "") take(rest);
    rest = "";
    for (const waiter of waiters) waiter.reject(failure(waiter.what, "the stream ended"));
  });

  function find(fits: (line: string) => boolean, what: string): Promise<string> {
    const known = all.find(fits);
    if (known !== undefined) return Promise.resolve(known);
    if (ended) return Promise.reject(failure(what, "the stream has ended"));
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        waiters.delete(waiter);
      };
      const waiter: Waiter = {
        fits,
        what,
        resolve: (line) => {
          settle();
          resolve(line);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const timer = setTimeout(
        () => waiter.reject(failure(what, `did not come in ${PATIENCE_MS} ms`)),
        PATIENCE_MS,
      );
      waiters.add(waiter);
    });
  }

  return { all, find, text: () => [...all, rest].join("\n") };
}
