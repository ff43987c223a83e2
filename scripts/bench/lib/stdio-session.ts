import { once } from "node:events";
import { withDeadline } from "../../lib/deadline.ts";
import { killGroup, spawnGroup } from "../../lib/run.ts";
import { isRecord } from "../../lib/unknown.ts";
import { encode, type Request } from "./messages.ts";

export interface StdioCommand {
  node: string;
  args: readonly string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

export interface StdioSession {
  readonly pid: number;
  /** When it was spawned, as `performance.now()` tells time. */
  readonly startedAt: number;
  /** Sends a request after raw lines, if any; resolves with its result, throws on an error. */
  ask(request: Request, before?: string): Promise<Record<string, unknown>>;
  /** Ends stdin, and the process if it does not end by that. */
  end(): Promise<void>;
}

const ANSWER_MS = 20_000;
const END_MS = 2_000;
const KEPT_STDERR = 4_000;

/** Starts a server with its stdin and stdout as pipes. */
export function openStdio({ node, args, cwd, env }: StdioCommand): StdioSession {
  const startedAt = performance.now();
  const child = spawnGroup(node, [...args], {
    stdio: ["pipe", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
    env: env ?? cleanEnvironment(),
  });
  const { stdin, stdout, stderr, pid } = child;
  if (!stdin || !stdout || !stderr || pid === undefined) throw new Error(`cannot start ${node}`);
  const closed = once(child, "close");
  let errors = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-KEPT_STDERR);
  });
  stdin.on("error", () => {});
  const answers = readAnswers(stdout);
  const died = closed.then(([code]): never => {
    throw new Error(`ended with ${code} before it answered: ${lastError(errors)}`);
  });
  died.catch(() => {});
  let lastId = 0;
  return {
    pid,
    startedAt,
    async ask(request, before = "") {
      lastId += 1;
      const answer = answers(lastId);
      stdin.write(`${before}${encode(lastId, request)}\n`);
      const late = () => `no answer to ${request.method} within ${ANSWER_MS} ms`;
      const message = await withDeadline(Promise.race([answer, died]), ANSWER_MS, late);
      if (isRecord(message.result)) return message.result;
      throw new Error(`${request.method}: ${JSON.stringify(message.error)}`);
    },
    async end() {
      stdin.end();
      const timer = setTimeout(() => killGroup(child, "SIGKILL"), END_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** What the tests of a server may not see of the one who runs them, nor a debugger's settings. */
export function cleanEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env;
  return { PATH, HOME, TMPDIR, SystemRoot, ...more };
}

/** Of many lines the one that tells most: the first that names an error, else the last. */
export function lastError(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const told = lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
  return (told ?? "it said nothing").trim().slice(0, 200);
}

/** For an id, the answer with that id; lines that are no messages are passed over. */
function readAnswers(stdout: NodeJS.ReadableStream) {
  const waiting = new Map<unknown, (message: Record<string, unknown>) => void>();
  let rest = "";
  stdout.setEncoding("utf8");
  stdout.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = line.startsWith("{") ? parse(line) : undefined;
      if (message) waiting.get(message.id)?.(message);
    }
  });
  return (id: number) =>
    new Promise<Record<string, unknown>>((resolve) => waiting.set(id, resolve));
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return isRecord(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
