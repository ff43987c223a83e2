import { createInterface } from "node:readline";
import { withDeadline } from "../deadline.ts";
import { killGroup, spawnGroup } from "../run.ts";
import { isRecord } from "../unknown.ts";
import { type Connection, type Result, resultOf } from "./raw-client.ts";

export interface StdioServer extends Connection {
  /** Ends stdin and waits for the server to end by itself; its exit code, null after a signal. */
  end(): Promise<number | null>;
  kill(): void;
  stderr(): string;
}

interface StartOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** For each answer, and for the end. */
  timeoutMs?: number;
}

/** Starts a server and speaks JSON lines with it. Anything else on its stdout is an error. */
export function startStdio(args: string[], options: StartOptions): StdioServer {
  const { cwd, env, timeoutMs = 20_000 } = options;
  const child = spawnGroup(process.execPath, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error("The server was started without pipes");
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const waiting = new Map<number, (answer: unknown) => void>();
  let broken = "";
  let errors = "";
  let lastId = 0;
  stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk;
  });
  // A server that died is seen by its end.
  stdin.on("error", () => {});
  createInterface({ input: stdout }).on("line", (line) => {
    const message = parseLine(line);
    if (message === undefined) broken ||= line;
    else if (typeof message.id === "number") waiting.get(message.id)?.(message);
  });
  const send = (message: Result) => stdin.write(`${JSON.stringify(message)}\n`);
  const explain = (what: string) =>
    `${what}; stdout: ${broken || "clean"}; stderr: ${errors.trim()}`;
  return {
    async request(method, params) {
      lastId += 1;
      const id = lastId;
      const answered = new Promise<unknown>((resolve) => waiting.set(id, resolve));
      send({ jsonrpc: "2.0", id, method, params });
      const late = () => explain(`${method}: no answer within ${timeoutMs} ms`);
      const died = ended.then((code): never => {
        throw new Error(explain(`${method}: ended with ${code ?? "a signal"}, without an answer`));
      });
      const answer = await withDeadline(Promise.race([answered, died]), timeoutMs, late);
      if (broken !== "") throw new Error(`stdout carries more than protocol: ${broken}`);
      return resultOf(answer, id, method);
    },
    async notify(method, params) {
      send({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) });
    },
    async end() {
      stdin.end();
      const code = await withDeadline(ended, timeoutMs, () => explain("does not end with stdin"));
      if (broken !== "") throw new Error(`stdout carries more than protocol: ${broken}`);
      return code;
    },
    kill: () => killGroup(child, "SIGKILL"),
    stderr: () => errors,
  };
}

function parseLine(line: string): Result | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return isRecord(message) && message.jsonrpc === "2.0" ? message : undefined;
  } catch {
    return undefined;
  }
}
