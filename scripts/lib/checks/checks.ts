import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkDeployFiles } from "../deploy/checks/check.ts";
import { findProjects } from "../projects.ts";
import { runNode } from "../run.ts";
import { checkLinks } from "./links.ts";
import { checkLockDrift } from "./lock-drift.ts";
import { toolScript } from "./tool.ts";
import { checkWorkflows } from "./workflows.ts";

export interface Outcome {
  ok: boolean;
  output: string;
}

export interface Check {
  /** What --only takes; several checks may share one. */
  group: string;
  name: string;
  run(): Promise<Outcome>;
  /** Repairs what it can. Fixes run one after another, before any check. */
  fix?(): Promise<Outcome>;
}

async function tool(cwd: string, packageName: string, command: string, args: string[]) {
  return runNode([toolScript(cwd, packageName, command), ...args], { cwd, timeoutSeconds: 300 });
}

/** A check by a script of this repository that rewrites files, or with --check only looks. */
function scriptCheck(root: string, group: string, name: string, script: string): Check {
  const path = join(root, "scripts", script);
  const start = (...args: string[]) => runNode(["--import", "tsx", path, ...args], { cwd: root });
  return { group, name, run: () => start("--check"), fix: () => start() };
}

function problemsOutcome(counted: string, problems: string[]): Outcome {
  return { ok: problems.length === 0, output: [...problems, counted].join("\n") };
}

function typeChecks(root: string): Check[] {
  const projects = findProjects(root).filter((project) => project.kind !== "scripts");
  const folders = [{ name: "root", dir: root }, ...projects];
  const checks = folders.map(({ name, dir }) => ({
    group: "tsc",
    name: `tsc ${name}`,
    run: () => tool(dir, "typescript", "tsc", ["--noEmit"]),
  }));
  const inScripts = (name: string) => ({
    group: "tsc",
    name: `tsc ${name}`,
    run: () => tool(root, "typescript", "tsc", ["--noEmit", "-p", join(root, "scripts", name)]),
  });
  // the suite is installed apart, and its types with it
  const hasConformance = existsSync(join(root, "scripts/conformance/node_modules"));
  return [...checks, inScripts("bench"), ...(hasConformance ? [inScripts("conformance")] : [])];
}

/** Everything that `pnpm check` asks of the repository. */
export function allChecks(root: string): Check[] {
  return [
    {
      group: "biome",
      name: "biome",
      // A log shows its colours as noise, which biome does not see for itself in CI.
      run: () =>
        tool(root, "@biomejs/biome", "biome", ["ci", "--colors=off", "--error-on-warnings", "."]),
      fix: () => tool(root, "@biomejs/biome", "biome", ["check", "--write", "."]),
    },
    ...typeChecks(root),
    { group: "knip", name: "knip", run: () => tool(root, "knip", "knip", ["--no-progress"]) },
    {
      group: "sherif",
      name: "sherif",
      run: () => tool(root, "sherif", "sherif", ["--fail-on-warnings"]),
      fix: () => tool(root, "sherif", "sherif", ["--fix", "--no-install", "--select", "highest"]),
    },
    scriptCheck(root, "shared", "shared:copy", "shared-copy.ts"),
    scriptCheck(root, "generate", "generate", "generate.ts"),
    {
      group: "deploy",
      name: "deploy files",
      async run() {
        const { files, problems } = await checkDeployFiles(root);
        return problemsOutcome(`${files} files for hosts`, problems);
      },
    },
    {
      group: "lockfiles",
      name: "lockfiles",
      async run() {
        const { lockfiles, problems } = checkLockDrift(root);
        return problemsOutcome(`${lockfiles} lockfiles`, problems);
      },
    },
    {
      group: "links",
      name: "links",
      async run() {
        const { files, problems } = checkLinks(root);
        return problemsOutcome(`${files} Markdown files`, problems);
      },
    },
    {
      group: "workflows",
      name: "workflows",
      async run() {
        const { files, problems } = await checkWorkflows(root);
        return problemsOutcome(`${files} workflows`, problems);
      },
    },
  ];
}

/** What has to be repaired first so that a later repair sees the result: sources, then layout. */
export const fixOrder = ["shared", "generate", "sherif", "biome"];
