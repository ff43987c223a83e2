import { fs } from "#shared/core/builtin.ts";
import type { Instance, LogLevel, ServerEvent } from "#shared/core/contract.ts";
import { createLazyLog, type FlushableLog } from "#shared/core/lazy-log.ts";
import { DRAIN_MS, failStart, onShutdown } from "#shared/core/lifecycle.ts";
import {
  type AnswerSource,
  type Answers,
  liveAnswers,
  prepareAnswers,
  replaceable,
} from "./answers.ts";
import { answerBeginning, type Beginning, nothingYet } from "./beginning.ts";
import { type Backend, type Connection, createConnection } from "./connection.ts";
import type { FetchableServer } from "./define-server.ts";
import { type Env, loadEnvironment } from "./environment.ts";
import { prepare, type ToolsLock } from "./prepared.ts";
import { createStdioTransport } from "./stdio-transport.ts";

/**
 * Milliseconds that calls in flight get once stdin has ended: `printf ... | server` waits for its
 * answers. A client that closes stdin to be rid of the server sends SIGTERM soon after, which ends it
 * at once.
 */
const STDIN_END_DRAIN_MS = 5_000;

/**
 * A process that waits in a read is ended by a signal as one that knows of none, but the first of a
 * container is not: the kernel spares it. The pipes of Windows were not tried in their blocking form.
 */
const CAN_BLOCK = process.platform !== "win32" && process.pid !== 1;

/** What the build puts beside the entry: a line of JSON for each tool of the lock file, in its order. */
const readListings = () =>
  fs()
    .readFileSync(new URL("tools.jsonl", import.meta.url), "utf8")
    .split("\n");

/** From source, the lock file may be behind the code that is being worked on. */
const IS_SOURCE = import.meta.url.endsWith(".ts");

/** Runs a server over stdin and stdout until the client closes stdin or the process is told to stop. */
export async function runStdio(module: FetchableServer): Promise<void> {
  await orFail(() => start(loadEnvironment(), async () => module));
}

/**
 * `runStdio` of a server whose lists come from its lock file: `load` brings the server itself when
 * something needs it, or at once when the environment holds what only its configuration can judge.
 */
export async function runPrepared(
  lock: ToolsLock,
  load: () => Promise<FetchableServer>,
): Promise<void> {
  await orFail(() => startFrom((env) => prepare(lock, env, readListings), load));
}

/**
 * The same of a server whose lists are those of an earlier start, as `recall` has them. Once the server
 * is open it answers itself, and a client that was told of other tools hears so.
 */
export async function runRemembered(
  recall: (env: Env) => AnswerSource | undefined,
  load: () => Promise<FetchableServer>,
): Promise<void> {
  await orFail(() => startFrom(recall, load, true));
}

async function startFrom(
  find: (env: Env) => AnswerSource | undefined,
  load: () => Promise<FetchableServer>,
  isRemembered = false,
): Promise<void> {
  const env = loadEnvironment();
  const source = IS_SOURCE ? undefined : find(env);
  if (!source) return start(env, load);
  const first = prepareAnswers(source);
  const beginning = CAN_BLOCK ? answerBeginning(first) : nothingYet();
  const answers = replaceable(first);
  const events: Events = {};
  const open = async () => {
    const backend = await openBackend(load, env, events);
    if (isRemembered && answers.replace(liveAnswers(backend.module, backend.instance)))
      events.publish?.({ kind: "tools_list_changed" });
    return backend;
  };
  serve(processLog(source.name, env, load), answers, open, events, { beginning });
}

async function orFail(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    failStart(error);
  }
}

async function start(env: Env, load: () => Promise<FetchableServer>): Promise<void> {
  const events: Events = {};
  const backend = await openBackend(load, env, events);
  const { module, instance } = backend;
  const log = processLog(module.name, env, load);
  serve(log, liveAnswers(module, instance), async () => backend, events, { opened: instance });
}

interface Events {
  publish?(event: ServerEvent): void;
}

async function openBackend(
  load: () => Promise<FetchableServer>,
  env: Env,
  events: Events,
): Promise<Backend> {
  keepCompiled();
  const module = await load();
  const instance = await module.open({ env, onEvent: (event) => events.publish?.(event) });
  return { module, instance };
}

/** Milliseconds after which what was compiled is kept: a client may kill the process without a word. */
const KEEP_COMPILED_MS = 500;

/** What is loaded from here on is compiled once a machine, where the Node can (22.10 and later). */
function keepCompiled(): void {
  const { enableCompileCache, flushCompileCache }: CompileCache =
    process.getBuiltinModule("node:module");
  if (!enableCompileCache || !flushCompileCache) return;
  enableCompileCache();
  setTimeout(flushCompileCache, KEEP_COMPILED_MS).unref();
}

/** Of newer Nodes than the one that the types describe. */
type CompileCache = object & { enableCompileCache?: () => unknown; flushCompileCache?: () => void };

const LEVELS: readonly string[] = ["debug", "info", "warn", "error", "silent"];

/** The log of the process itself; a level that is wrong is reported when the configuration is read. */
function processLog(server: string, env: Env, load: () => Promise<FetchableServer>): FlushableLog {
  const given = env.LOG_LEVEL ?? "";
  const level = LEVELS.includes(given) ? (given as LogLevel) : "info";
  return createLazyLog({ level, fields: { server } }, async () => (await load()).loadLogger());
}

function serve(
  log: FlushableLog,
  answers: Answers,
  open: () => Promise<Backend>,
  events: Events,
  { opened, beginning = nothingYet() }: { opened?: Instance; beginning?: Beginning },
): void {
  let toClose = opened;
  let drainMs = DRAIN_MS;
  let idle: (() => void) | undefined;
  const connection: Connection = createConnection({
    answers,
    opening: beginning.opening,
    load: async () => {
      const backend = await open();
      toClose = backend.instance;
      return backend;
    },
    write: (message) => transport.write(message),
    onIdle: () => idle?.(),
    onError: (error) => log.debug("The protocol refused a message", { reason: error.message }),
    onBroken: failStart,
  });
  const transport = createStdioTransport({
    input: process.stdin,
    output: process.stdout,
    onMessage: connection.receive,
    onNoise: (reason, preview) => log.warn("A line on stdin was skipped", { reason, preview }),
    onEnd: (reason) => {
      drainMs = process.stdout.destroyed ? 0 : STDIN_END_DRAIN_MS;
      void shutdown.stop(reason);
    },
  });
  const shutdown = onShutdown(async () => {
    transport.stopReading();
    if (!connection.isIdle()) await within(drainMs, (done) => (idle = done));
    await transport.flush();
    await connection.close();
    await toClose?.close();
  }, log);
  events.publish = connection.publish;
  takeOn(beginning);
  transport.start();
  if (beginning.listed) connection.expectCall();
}

/** Gives the streams what the pipes were not rid of. */
function takeOn({ rest, unsent }: Beginning): void {
  if (rest.length > 0) process.stdin.unshift(rest);
  if (unsent.length > 0) process.stdout.write(unsent);
}

/** Resolves when `listen` calls back, or after `limitMs`. */
function within(limitMs: number, listen: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    listen(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
