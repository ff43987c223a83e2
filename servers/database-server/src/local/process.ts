import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { builtEntry } from "#shared/core/built-entry.ts";
import { ToolError } from "#shared/core/errors.ts";
import type { FromChild, Kind, Replies, Request, Source, ToChild } from "./messages.ts";

/** A child process with one open database; it runs one request at a time. */
export interface Child {
  /** Resolves when it has opened its database, or failed to: whether it reads a copy. */
  readonly ready: Promise<boolean>;
  run<K extends Kind>(request: Request<K>): Promise<Replies[K]>;
  kill(): void;
  readonly alive: boolean;
}

/** The files that child processes run: those of `flotilla.entries` in package.json. */
export type EntryName = "sqlite-child" | "pglite-child";

/** The built file; else the source. */
function find(entry: EntryName): { file: string; execArgv: string[] } {
  const built = builtEntry(entry, import.meta.url);
  if (built !== undefined) return { file: built, execArgv: [] };
  const file = fileURLToPath(new URL(`../${entry}.ts`, import.meta.url));
  return { file, execArgv: ["--import", "tsx"] };
}

const KILLED = "killed";

export function startChild(entry: EntryName, source: Source): Child {
  const { file, execArgv } = find(entry);
  const child = fork(file, [], {
    execArgv: [...execArgv, "--disable-warning=ExperimentalWarning"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // it needs nothing of the environment, and must not hold the secrets that are in it
    env: { PATH: process.env.PATH ?? "" },
  });
  const waiting = new Map<number, { resolve(value: never): void; reject(error: unknown): void }>();
  let lastId = 0;
  let alive = true;
  const end = (error: ToolError) => {
    alive = false;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.once("exit", (code, signal) => end(gone(signal ?? `exit code ${code}`)));
  child.once("error", (error) => end(gone(error.message)));
  let onReady = (_copy: boolean) => {};
  const ready = new Promise<boolean>((resolve) => {
    onReady = resolve;
  });
  child.once("exit", () => onReady(false));
  child.on("message", (message: FromChild) => {
    if ("ready" in message) onReady(message.copy);
    else settle(waiting, message);
  });
  post(child, { open: source });
  return {
    ready,
    get alive() {
      return alive;
    },
    kill() {
      alive = false;
      child.kill("SIGKILL");
      end(gone(KILLED));
    },
    run: (request) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        post(child, { id: lastId, request: request as Request }, (error) =>
          end(gone(error.message)),
        );
      }),
  };
}

function post(
  child: ChildProcess,
  message: ToChild,
  failed: (error: Error) => void = () => {},
): void {
  child.send(message, (error) => {
    if (error !== null) failed(error);
  });
}

function settle(
  waiting: Map<number, { resolve(value: never): void; reject(error: unknown): void }>,
  message: Exclude<FromChild, { ready: true; copy: boolean }>,
): void {
  const waiter = waiting.get(message.id);
  waiting.delete(message.id);
  if ("result" in message) waiter?.resolve(message.result as never);
  else {
    const { code, message: text, details } = message.failure;
    waiter?.reject(new ToolError(code, text, { details }));
  }
}

const gone = (why: string) =>
  new ToolError(
    "UNAVAILABLE",
    `The process of this database ended (${why}): the statement may need too much memory. The next call starts another.`,
    {
      details: { reason: "process_ended", why },
    },
  );
