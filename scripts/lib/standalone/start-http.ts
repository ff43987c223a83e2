import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { withDeadline } from "../deadline.ts";
import { killGroup, spawnGroup } from "../run.ts";
import { isRecord } from "../unknown.ts";

export interface HttpServer {
  url: string;
  pid: number | undefined;
  /** Sends SIGTERM and waits; the exit code, null when the signal itself ended it. */
  terminate(): Promise<number | null>;
  kill(): void;
}

interface StartOptions {
  cwd: string;
  /** PORT is any that is free, unless it says one. */
  env: NodeJS.ProcessEnv;
  /** Instead of this Node. */
  command?: string;
  /** For the start, and for the end. */
  timeoutMs?: number;
}

/** The address in the log line that tells it; undefined for any other line. */
function listeningUrl(line: string): string | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    if (!isRecord(entry) || entry.msg !== "listening") return undefined;
    return typeof entry.url === "string" ? entry.url : undefined;
  } catch {
    return undefined;
  }
}

/** Collects stderr; `url` settles with the first line that tells the address. */
function watchLog(child: ChildProcess) {
  const lines: string[] = [];
  const url = new Promise<string>((resolve) => {
    if (!child.stderr) throw new Error("The server was started without a pipe");
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      const found = listeningUrl(line);
      if (found !== undefined) resolve(found);
    });
  });
  return { lines, url };
}

/** Starts a server on a free port and waits for the log line that tells its address. */
export async function startHttp(args: string[], options: StartOptions): Promise<HttpServer> {
  const { cwd, env, command = process.execPath, timeoutMs = 20_000 } = options;
  const child = spawnGroup(command, args, {
    cwd,
    env: { PORT: "0", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const log = watchLog(child);
  const explain = (what: string) => `${what}; stderr:\n${log.lines.join("\n")}`;
  const died = ended.then((code): never => {
    throw new Error(explain(`ended with ${code} before it listened`));
  });
  try {
    const late = () => explain("told no address");
    const url = await withDeadline(Promise.race([log.url, died]), timeoutMs, late);
    return {
      url,
      pid: child.pid,
      kill: () => killGroup(child, "SIGKILL"),
      terminate() {
        child.kill("SIGTERM");
        return withDeadline(ended, timeoutMs, () => explain("does not end on SIGTERM"));
      },
    };
  } catch (error) {
    killGroup(child, "SIGKILL");
    throw error;
  }
}
