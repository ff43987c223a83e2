import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declaredExample } from "../lib/example.ts";
import { findProjects, type Project } from "../lib/projects.ts";
import { run } from "../lib/run.ts";
import { type HttpServer, startHttp } from "../lib/standalone/start-http.ts";
import { sumTallies, type Tally } from "../lib/suites/tally.ts";
import { isRecord } from "../lib/unknown.ts";
import { suiteNode } from "./suite.ts";

const inspector = join(
  import.meta.dirname,
  "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js",
);

export const inspectorIsInstalled = (): boolean =>
  existsSync(inspector) && suiteNode() !== undefined;

const ERAS = ["legacy", "modern"] as const;

/** No `.env` of whoever runs this is read. */
const NO_FILE = { NODE_ENV: "test" };

/** How the Inspector reaches a server: a command to start, or an address. */
interface Way {
  target: string[];
  /** Where the server works. */
  cwd: string;
}

async function inspect(way: Way, home: string, args: string[]): Promise<Record<string, unknown>> {
  const command = [inspector, "--cli", ...way.target, "--format", "json", ...args];
  const { ok, output } = await run(suiteNode() ?? process.execPath, command, {
    cwd: way.cwd,
    env: { ...process.env, ...NO_FILE, HOME: home },
    timeoutSeconds: 180,
  });
  const line = output.split("\n").find((each) => each.startsWith('{"result"'));
  const answer: unknown = ok && line ? JSON.parse(line) : undefined;
  if (!isRecord(answer) || !isRecord(answer.result)) throw new Error(output.trim() || "no answer");
  return answer.result;
}

async function inspectWay(way: Way, project: Project, home: string): Promise<void> {
  const lock: unknown = JSON.parse(readFileSync(join(project.dir, "tools.lock.json"), "utf8"));
  const locked = isRecord(lock) && Array.isArray(lock.tools) ? lock.tools : [];
  const names = locked
    .filter((tool) => !("toolset" in tool || "feature" in tool))
    .map(({ name }) => name);
  const example = declaredExample(project.dir);
  for (const era of ERAS) {
    const { tools } = await inspect(way, home, ["--protocol-era", era, "--method", "tools/list"]);
    const listed = Array.isArray(tools)
      ? tools.map((tool) => (isRecord(tool) ? tool.name : tool))
      : [];
    const missing = names.filter((name) => !listed.includes(name));
    if (missing.length > 0) throw new Error(`${era}: tools/list lacks ${missing.join(", ")}`);
    if (!example) continue;
    const call = ["--tool-name", example.tool, "--tool-args-json", JSON.stringify(example.input)];
    const result = await inspect(way, home, [
      "--protocol-era",
      era,
      "--method",
      "tools/call",
      ...call,
    ]);
    if (result.isError === true)
      throw new Error(`${era}: ${example.tool} failed: ${JSON.stringify(result)}`);
  }
}

/** Lists and calls the tools of each built server with the Inspector, an independent client. */
export async function inspectServers(
  projects: readonly Project[],
  write: (line: string) => void,
): Promise<Tally> {
  const tallies: Tally[] = [];
  const home = await mkdtemp(join(tmpdir(), "inspector-"));
  const attempt = async (name: string, work: () => Promise<void>) => {
    const failure = await work().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    tallies.push({
      passed: failure === undefined ? 1 : 0,
      failed: failure === undefined ? 0 : 1,
      skipped: [],
    });
    write(failure === undefined ? `ok     ${name}` : `FAILED ${name}: ${failure}`);
  };
  try {
    for (const project of projects) {
      const cwd = home;
      const stdio = join(project.dir, "dist/stdio.cjs");
      await attempt(`Inspector, ${project.name} over stdio`, () =>
        inspectWay({ target: [process.execPath, stdio], cwd }, project, home),
      );
      await attempt(`Inspector, ${project.name} over HTTP`, async () => {
        const server: HttpServer = await startHttp([join(project.dir, "dist/http.js")], {
          cwd,
          env: { ...process.env, ...NO_FILE },
        });
        const target = ["--transport", "http", "--server-url", server.url];
        try {
          await inspectWay({ target, cwd }, project, home);
        } finally {
          await server.terminate();
        }
      });
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  return sumTallies(tallies);
}

/** Every server that has tools of its own; the gateway shows those of others. */
export const inspectable = (root: string): Project[] =>
  findProjects(root).filter(({ kind, name }) => kind === "server" && name !== "gateway");
