import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readDeploymentConfig } from "../lib/deploy/config.ts";
import { programFile } from "../lib/deploy/programs.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { tempFolder } from "./support/temp-folder.ts";

interface WorkflowStep {
  id?: string;
  name?: string;
  run?: string;
}

/** The script of a step, as the runner would be given it. */
function scriptOf(workflow: string, job: string, step: string): string {
  const file = join(repositoryRoot, ".github/workflows", workflow);
  const { jobs }: { jobs: Record<string, { steps: WorkflowStep[] }> } = parse(
    readFileSync(file, "utf8"),
  );
  const found = jobs[job]?.steps.find(({ id, name }) => id === step || name === step);
  if (found?.run === undefined) throw new Error(`${workflow} has no step ${step}`);
  return found.run;
}

/** Runs it with bash as GitHub does; `node` is this one, which may need a loader for TypeScript. */
function runScript(script: string, env: Record<string, string>, cwd = repositoryRoot) {
  const folder = tempFolder();
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const node = join(folder, "node");
  writeFileSync(node, `#!/bin/sh\nexec "${process.execPath}" --import "${loader}" "$@"\n`);
  chmodSync(node, 0o755);
  const output = join(folder, "output");
  writeFileSync(output, "");
  const { status, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
    cwd,
    encoding: "utf8",
    env: { PATH: `${folder}${delimiter}${process.env.PATH}`, GITHUB_OUTPUT: output, ...env },
  });
  const lines = readFileSync(output, "utf8").split("\n").filter(Boolean);
  return { status, stderr, outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s))) };
}

const hasJq = programFile("jq", process.env) !== undefined && process.platform !== "win32";

describe.skipIf(!hasJq)("what deploy.yml deploys (needs bash and jq)", () => {
  const script = scriptOf("deploy.yml", "plan", "plan");
  const plan = (env: Record<string, string>) => {
    const { outputs, ...rest } = runScript(script, { BASE: "", TIER: "", CLIENT: "", ...env });
    return { ...rest, choice: outputs.choice, servers: JSON.parse(outputs.servers ?? "null") };
  };
  const { tiers } = readDeploymentConfig(repositoryRoot);

  test("without a choice it is what changed and is sold: everything sold, when the base is not known", () => {
    const sold = [...new Set(Object.values(tiers).flatMap(({ servers }) => servers))].sort();
    expect(plan({})).toMatchObject({ choice: "", servers: sold });
  });

  test("a tier has its servers, a client those of its tier", () => {
    expect(plan({ TIER: "basic" })).toMatchObject({
      choice: "--tier basic",
      servers: tiers.basic?.servers,
    });
    expect(plan({ CLIENT: "client-c" })).toMatchObject({
      choice: "--client client-c",
      servers: [...(tiers.enterprise?.servers ?? [])].sort(),
    });
  });

  test("a client has what its overrides add, and not what they leave out", () => {
    const overrides = { "bye-server": false, "math-server": {} };
    const clients = { ada: { tier: "basic", overrides } };
    const folder = tempFolder({ "deployment-config.json": JSON.stringify({ tiers, clients }) });
    const { outputs } = runScript(script, { TIER: "", CLIENT: "ada" }, folder);
    expect(JSON.parse(outputs.servers ?? "null")).toEqual(["greet-server", "math-server"]);
  });

  test("a tier or a client that is not there fails the plan", () => {
    expect(plan({ TIER: "gold" }).status).not.toBe(0);
    expect(plan({ CLIENT: "nobody" }).status).not.toBe(0);
  });
});

describe.skipIf(!hasJq)("the tag of a release (needs bash and jq)", () => {
  const [, check = ""] =
    /^([\s\S]*?)git merge-base[\s\S]*$/.exec(scriptOf("release.yml", "pack", "tag")) ?? [];
  const manifest = JSON.parse(
    readFileSync(join(repositoryRoot, "servers/greet-server/package.json"), "utf8"),
  );

  test("is the server and the version of its package.json", () => {
    expect(runScript(check, { TAG: `greet-server-v${manifest.version}` }).status).toBe(0);
    expect(runScript(check, { TAG: "greet-server-v99.0.0" }).status).not.toBe(0);
    expect(runScript(check, { TAG: "no-server-v0.1.0" }).status).not.toBe(0);
  });
});
