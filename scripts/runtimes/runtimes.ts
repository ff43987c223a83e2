import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { inStage } from "../lib/deploy/stage.ts";
import { declaredExample } from "../lib/example.ts";
import type { Project } from "../lib/projects.ts";
import { killGroup, spawnGroup } from "../lib/run.ts";
import { assertListed, eras } from "../lib/standalone/answers.ts";
import { emptyEnvironment } from "../lib/standalone/environment.ts";

const folder = import.meta.dirname;
const wrangler = join(folder, "node_modules/wrangler/bin/wrangler.js");
const deno = join(folder, "node_modules/deno/bin.cjs");
const LEAST_NODE = 22;
const START_MS = 60_000;
const POLL_MS = 100;

/** This Node when it is new enough for wrangler, else the one installed beside it. */
function newNode(): string | undefined {
  if (Number(process.versions.node.split(".", 1)[0]) >= LEAST_NODE) return process.execPath;
  const names = ["node", "node-bin"].map((kind) => `${kind}-${process.platform}-${process.arch}`);
  return names
    .map((name) => join(folder, "node_modules", name, "bin", "node"))
    .find((file) => existsSync(file));
}

export const runtimesAreInstalled = (): boolean =>
  existsSync(wrangler) && existsSync(deno) && newNode() !== undefined;

/** How the built files of a server are served here as its host serves them. */
export interface Runtime {
  target: "cloudflare-workers" | "deno";
  command(port: number): string[];
}

export const RUNTIMES: readonly Runtime[] = [
  {
    target: "cloudflare-workers",
    command: (port) => [
      wrangler,
      ..."dev --config deploy/wrangler.jsonc --local --ip 127.0.0.1 --port".split(" "),
      String(port),
    ],
  },
  {
    target: "deno",
    // the rights that deploy/deno.json gives, whose task has no port of its own
    command: (port) => [
      deno,
      ..."serve --allow-env --allow-net --no-prompt --host 127.0.0.1 --port".split(" "),
      String(port),
      "dist/server.js",
    ],
  },
];

/** Neither looks for a newer version of itself, nor tells anyone that it runs. */
const QUIET = {
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DENO_NO_UPDATE_CHECK: "1",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
};

/** Serves a server's built files and talks to it as clients of both eras do. Throws when one fails. */
export async function answerOn(runtime: Runtime, server: Project, port: number): Promise<void> {
  await inStage(server.dir, {}, true, async (stage) => {
    // what is not in the bundle
    symlinkSync(join(server.dir, "node_modules"), join(stage, "node_modules"), "junction");
    const env = { ...emptyEnvironment(), ...QUIET, HOME: stage };
    const child = spawnGroup(newNode() ?? process.execPath, runtime.command(port), {
      cwd: stage,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    try {
      const url = `http://127.0.0.1:${port}`;
      await healthy(`${url}/health`);
      for (const era of eras) {
        const connection = era.connectHttp(`${url}/mcp`);
        await era.open(connection);
        const listed = await era.list(connection);
        assertListed(
          listed.map(({ name }) => name),
          server.dir,
        );
        const example = declaredExample(server.dir);
        if (example) await era.call(connection, example.tool, example.input);
      }
    } catch (error) {
      throw new Error(`${server.name} on ${runtime.target}; it printed:\n${output}`, {
        cause: error,
      });
    } finally {
      const ended = new Promise((resolve) => child.once("close", resolve));
      killGroup(child, "SIGKILL");
      await ended;
    }
  });
}

async function healthy(url: string): Promise<void> {
  for (const last = performance.now() + START_MS; performance.now() < last; ) {
    const answers = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`no answer at ${url} within ${START_MS / 1000} s`);
}
