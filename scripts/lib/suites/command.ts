import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inParallel } from "../parallel.ts";
import { findProjects, longestFirst, type Project, selectProjects } from "../projects.ts";
import { runNode } from "../run.ts";
import { runSuite, type SuiteResult } from "./suites.ts";
import { countsOf, sumTallies } from "./tally.ts";

export interface TestOptions {
  root: string;
  names: string[];
  jobs?: number | undefined;
  timeoutSeconds: number;
  only?: readonly string[];
  write?: (line: string) => void;
}

/** Suites that start built files find fresh ones; the build script knows which are stale. */
async function buildServers(root: string, projects: Project[], write: (line: string) => void) {
  const servers = projects.filter((project) => project.kind === "server").map(({ name }) => name);
  const script = join(root, "scripts", "build.ts");
  if (servers.length === 0 || !existsSync(script)) return true;
  write("start  build of what is stale");
  const result = await runNode(["--import", "tsx", script, "--stale", ...servers], { cwd: root });
  write(`${result.ok ? "ok    " : "FAILED"} build  ${result.seconds.toFixed(1)} s`);
  if (!result.ok) write(result.output.trimEnd());
  return result.ok;
}

/** Of each suite. Where all run at once the last one gets what the others leave, when they end. */
export const workersOf = (suites: number, cores: number): number => (suites > cores ? 1 : cores);

function report(result: SuiteResult, write: (line: string) => void): void {
  const name = result.project.name;
  const verdict = result.failed === 0 ? "ok    " : "FAILED";
  const reason = result.reason === undefined ? "" : `: ${result.reason}`;
  write(`${verdict} ${name}  ${countsOf(result)}  ${result.seconds.toFixed(1)} s${reason}`);
  if (result.failed > 0 && result.output !== "")
    write(`${result.output.trimEnd()}\nend of ${name}`);
}

/** Runs the suites and prints what they do; true when all of them passed. */
export async function testCommand(options: TestOptions): Promise<boolean> {
  const write = options.write ?? console.log;
  const projects = selectProjects(findProjects(options.root), options.names);
  const built = await buildServers(options.root, projects, write);
  const cores = options.jobs ?? availableParallelism();
  const results = await inParallel(longestFirst(projects), cores, async (project) => {
    write(`start  ${project.name}`);
    const result = await runSuite(project, {
      workers: workersOf(projects.length, cores),
      only: options.only ?? [],
      timeoutSeconds: options.timeoutSeconds,
    });
    report(result, write);
    return result;
  });
  const total = sumTallies(results);
  for (const { project, skipped } of results) {
    for (const name of skipped) write(`skipped  ${project.name} > ${name}`);
  }
  for (const { project, reason } of results) {
    if (reason !== undefined) write(`failed   ${project.name}: ${reason}`);
  }
  if (!built) {
    write("failed   build");
    total.failed += 1;
  }
  write(countsOf(total));
  return total.failed === 0;
}
