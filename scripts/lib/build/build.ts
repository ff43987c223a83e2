import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inParallel } from "../parallel.ts";
import type { Project } from "../projects.ts";
import { runNode } from "../run.ts";
import { inTempFolder } from "../temp-folder.ts";
import { type BuildSizes, formatSizes, sizesOf } from "./sizes.ts";
import { hashSources, isStale, writeStamp } from "./stamp.ts";
import { formatModuleSizes, type ModuleSize, readModuleSizes } from "./why.ts";

export interface BuildOptions {
  /** Leaves alone what is built from what is there now. */
  onlyStale?: boolean;
  /** Also tells which modules the bundle is made of. */
  why?: boolean;
  write: (line: string) => void;
}

export type BuildResult = { server: Project; seconds: number } & (
  | { kind: "built"; sizes: BuildSizes; modules: ModuleSize[] }
  | { kind: "current" }
  | { kind: "failed"; reason: string }
);

const BUILD_SECONDS = 180;
const whyConfig = fileURLToPath(new URL("./why.config.js", import.meta.url));

/** Builds each server with its own bundler; one that fails does not keep the others from it. */
export async function buildServers(
  servers: readonly Project[],
  { onlyStale = false, why = false, write }: BuildOptions,
): Promise<BuildResult[]> {
  return inParallel(servers, availableParallelism(), async (server) => {
    const result: BuildResult =
      onlyStale && !isStale(server.dir)
        ? { server, seconds: 0, kind: "current" }
        : await buildServer(server, why);
    for (const line of formatResult(result)) write(line);
    return result;
  });
}

/** Why the bundler cannot even be started. */
function whatIsMissing({ dir, name }: Project): string | undefined {
  if (!existsSync(join(dir, "node_modules", "rolldown")))
    return "its rolldown is not installed: run npx -y pnpm@12 install";
  if (!existsSync(join(dir, "rolldown.config.js")))
    return `it has no rolldown.config.js: run pnpm shared:copy ${name}`;
  return undefined;
}

async function buildServer(server: Project, why: boolean): Promise<BuildResult> {
  const missing = whatIsMissing(server);
  if (missing) return { server, seconds: 0, kind: "failed", reason: missing };
  const cli = join(server.dir, "node_modules", "rolldown", "bin", "cli.mjs");
  const sources = hashSources(server.dir);
  return inTempFolder(async (scratch) => {
    const file = join(scratch, "modules.json");
    const { ok, output, seconds } = await runNode([cli, "-c", ...(why ? [whyConfig] : [])], {
      cwd: server.dir,
      env: { ...process.env, MODULE_SIZES: file, NO_COLOR: "1" },
      timeoutSeconds: BUILD_SECONDS,
    });
    if (!ok) return { server, seconds, kind: "failed", reason: reasonIn(output) };
    writeStamp(server.dir, sources);
    const modules = why ? readModuleSizes(file, server.dir) : [];
    return { server, seconds, kind: "built", sizes: sizesOf(server.dir), modules };
  });
}

/** What the bundler said, in one line: its first error with the place of it, or else its first line. */
function reasonIn(output: string): string {
  const lines = output.split("\n").map((line) => line.trim().replace(/^ERROR\s+/, ""));
  const first = lines.find((line) => /^(\[[A-Z_]+\]|Stopped:)/.test(line));
  const place = /╭─\[\s*(\S+)\s*\]/.exec(output)?.[1];
  const reason = first ?? lines.find((line) => line !== "") ?? "the bundler said nothing";
  return place ? `${reason} (${place})` : reason;
}

function formatResult(result: BuildResult): string[] {
  const { server, seconds } = result;
  if (result.kind === "current") return [`current ${server.name}`];
  if (result.kind === "failed") return [`FAILED  ${server.name}  ${result.reason}`];
  const line = `built   ${server.name}  ${formatSizes(result.sizes)}  ${seconds.toFixed(1)} s`;
  return [line, ...formatModuleSizes(result.modules)];
}
