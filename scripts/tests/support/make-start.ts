import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { type MakeStub, type StubOptions, startMakeStub } from "../../../shared/make-stub/stub.ts";
import { repositoryRoot } from "../../lib/projects.ts";

/** Builds the servers first. */
export const SLOW_MS = 120_000;

export interface Started {
  child: ChildProcess;
  lines: string[];
  /** The first line of stdout or stderr that fits, also of those that came before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

/** `pnpm start` with these options, on free ports, asking a stub of Make; it ends with the test. */
export function startScript(
  argv: readonly string[],
  stub: MakeStub,
  more: Record<string, string> = {},
): Started {
  const folder = mkdtempSync(join(tmpdir(), "make-start-"));
  const script = join(repositoryRoot, "scripts", "start.ts");
  const env = {
    ...process.env,
    ...stub.env,
    MAKE_BUDGET_DIR: folder,
    MAKE_WRITES: "true",
    ...more,
  };
  const child = spawn(process.execPath, ["--import", "tsx", script, "--", ...argv, "--port", "0"], {
    cwd: repositoryRoot,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  const line = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((done, failed) => {
      const look = () => {
        const found = lines.map((each) => pattern.exec(each)).find((match) => match !== null);
        if (!found) return;
        waiting.delete(look);
        done(found);
      };
      waiting.add(look);
      child.once("close", () => failed(new Error(`no ${pattern}: ${lines.join("\n")}`)));
      look();
    });
  return { child, lines, line };
}

export async function rpc(
  url: string,
  method: string,
  params: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const text = await response.text();
  const json = text.startsWith("{") ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? "");
  return (JSON.parse(json) as { result: Record<string, unknown> }).result;
}

export const callCore = (url: string) =>
  rpc(url, "tools/call", { name: "scenarios_list", arguments: { limit: 3 } });

export async function openStub(options?: StubOptions): Promise<MakeStub> {
  const stub = await startMakeStub(options);
  onTestFinished(() => stub.close());
  return stub;
}

/** Where each of the two listens, of `--both`. */
export async function listeningOf({ line }: Started) {
  const address = async (name: string) => {
    const found = await line(new RegExp(`"server":"${name}".*"url":"([^"]+)".*"listening"`));
    return found[1] ?? "";
  };
  return {
    core: await address("make-core-server"),
    analytics: await address("make-analytics-server"),
  };
}
