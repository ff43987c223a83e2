import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { maskRules } from "./masking/rules.ts";
import { type GuardedDatabase, guardDatabase } from "./sqlite/database.ts";
import { openNative } from "./sqlite/driver-native.ts";
import { openWasm } from "./sqlite/driver-wasm.ts";
import { toFailure } from "./sqlite/failure.ts";
import type { FromChild, Replies, Request, Source, ToChild } from "./sqlite/messages.ts";
import { openSample } from "./sqlite/sample.ts";
import { trial } from "./sqlite/trial.ts";

/** Memory of this process, in bytes, beyond which it is ended. */
const MAX_RSS_BYTES = 640 * 1024 * 1024;
const WATCH_MS = 100;

// A statement of SQLite cannot be stopped from the thread that runs it, nor from another one: this
// is a process of its own, which its parent kills. If the parent dies first, nobody would; and the
// SQLite of Node does not count the memory that a statement takes.
const WATCHDOG = `
  const { ppid, pid } = process;
  setInterval(() => {
    if (process.ppid === ppid && process.memoryUsage.rss() < ${MAX_RSS_BYTES}) return;
    process.kill(pid, "SIGKILL");
  }, ${WATCH_MS});`;

let database: Promise<GuardedDatabase> | undefined;
let reopen: (() => boolean) | undefined;
let source: Source = { writable: false, masks: [] };

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToChild) => {
  if ("open" in message) void start(message.open);
  else void answer(message.id, message.request);
});
new Worker(WATCHDOG, { eval: true }).unref();

/** Opens before it is asked: what fails is told to the first who asks. */
async function start(given: Source): Promise<void> {
  source = given;
  await open().catch(() => {});
  send({ ready: true });
}

async function answer(id: number, request: Request): Promise<void> {
  try {
    send({ id, result: await run(await open(), request) });
  } catch (error) {
    send({ id, failure: toFailure(error) });
  }
}

async function open(): Promise<GuardedDatabase> {
  if (database === undefined || reopen?.()) database = connect(source);
  database.catch(() => {
    database = undefined;
  });
  return database;
}

async function connect({ path, writable, masks }: Source): Promise<GuardedDatabase> {
  const rules = maskRules(masks);
  if (path === undefined) return guardDatabase(await openSample(), rules);
  statSync(path); // SQLite would say only that it cannot open it
  const native = openNative(path, writable);
  if (native !== undefined) return guardDatabase(native, rules);
  const stamp = () => JSON.stringify([statSync(path).mtimeMs, statSync(path).size]);
  const opened = stamp();
  const copy = guardDatabase(await openWasm(path, writable), rules);
  reopen = () => stamp() !== opened;
  return copy;
}

async function run(db: GuardedDatabase, request: Request): Promise<Replies[Request["kind"]]> {
  const { sql, params } = request;
  switch (request.kind) {
    case "query":
      return db.query(sql, params, request.window);
    case "read":
      return db.read(sql, params);
    case "trial":
      return trial(db, request);
    case "change":
      return db.change(sql, params, request.commit, request.maxRows);
  }
}

function send(message: FromChild): void {
  process.send?.(message);
}
