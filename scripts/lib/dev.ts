import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { copyShared } from "./copy/copy.ts";
import { SharedError } from "./copy/errors.ts";
import { watchShared } from "./copy/watch.ts";
import { createDevProcess } from "./dev-process.ts";
import { watchFiles } from "./dev-watch.ts";
import type { Project } from "./projects.ts";
import { messageOf } from "./unknown.ts";

export interface DevOptions {
  root: string;
  server: Project;
  entry: "stdio" | "http";
  /** Never stdout: in stdio mode that carries the protocol. */
  write: (line: string) => void;
}

/** What a server is started from. */
const SOURCES = ["src", "package.json", "tools.lock.json", ".env"];

/**
 * Runs a server from source, again after each change of it or of shared code. Resolves with the exit
 * code when the client closes stdin; over HTTP it goes on until the process is told to stop.
 */
export async function dev({ root, server, entry, write }: DevOptions): Promise<number> {
  const tsx = join(server.dir, "node_modules", "tsx", "dist", "loader.mjs");
  if (!existsSync(tsx))
    throw new SharedError(`${server.name} is not installed: run npx -y pnpm@12 install`);
  const copy = () => copyQuietly(root, server.name, write);
  await copy();
  return new Promise((resolve) => {
    const input = entry === "stdio" ? process.stdin : undefined;
    const life = { inputEnded: false, stopping: false };
    const finish = (code: number) => {
      for (const watcher of watchers) watcher.close();
      resolve(code);
    };
    const child = createDevProcess({
      args: ["--import", pathToFileURL(tsx).href, join("src", `${entry}.ts`)],
      cwd: server.dir,
      ...(input && { input }),
      onExit: (code) => {
        if (life.inputEnded) finish(code ?? 1);
        else if (!life.stopping) write(`${server.name} ended with ${code}; waiting for a change`);
      },
    });
    const restart = () => {
      write(`${server.name} changed: starting again`);
      void child.restart();
    };
    const watchers = [watchShared(root, copy), watchFiles(server.dir, SOURCES, restart)];
    input?.once("end", () => {
      life.inputEnded = true;
      if (!child.isRunning()) finish(1);
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        life.stopping = true;
      });
    }
    write(`${server.name} runs from source over ${entry}; Ctrl-C ends it`);
    void child.restart();
  });
}

/** A conflict in a copy is shown, and the server runs on with what it has. */
async function copyQuietly(root: string, name: string, write: (line: string) => void) {
  try {
    const { findings } = await copyShared({ root, servers: [name] });
    for (const { path, message } of findings) write(`${name}: ${path} ${message}`);
  } catch (error) {
    write(messageOf(error));
  }
}
