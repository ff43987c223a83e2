import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { withDeadline } from "../lib/deadline.ts";
import { repositoryRoot } from "../lib/projects.ts";

const START_MS = 20_000;

/** Starts an entry of the fixture server, from source, on this Node. */
export function spawnFixture(entry: "http.ts" | "stdio.ts"): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", join("tests/fixtures/conformance", entry)], {
    cwd: join(repositoryRoot, "shared"),
    // the suite asks over HTTP as of 2025, which one process can, and has to be told to
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1", ASK_OVER_HTTP: "true" },
    stdio: ["pipe", "pipe", entry === "http.ts" ? "pipe" : "inherit"],
  });
}

export interface Running {
  url: string;
  close(): Promise<void>;
}

/** The fixture's own HTTP entry, on a free port. */
export async function startHttpFixture(): Promise<Running> {
  const child = spawnFixture("http.ts");
  const url = await withDeadline(
    listeningUrl(child),
    START_MS,
    () => "The fixture server did not say where it listens",
  );
  return { url, close: () => endChild(child) };
}

async function listeningUrl({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error("The fixture server has no stderr");
  for await (const line of createInterface({ input: stderr })) {
    const found = /"url":"([^"]+)"/.exec(line)?.[1];
    if (found) {
      stderr.resume();
      return found;
    }
    console.error(line);
  }
  throw new Error("The fixture server ended before it listened");
}

export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill();
  await ended;
}
