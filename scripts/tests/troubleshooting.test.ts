import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildServers } from "../lib/build/build.ts";
import { programFile } from "../lib/deploy/programs.ts";
import { freePorts } from "../lib/free-ports.ts";
import { findProjects, repositoryRoot } from "../lib/projects.ts";

const text = readFileSync(join(repositoryRoot, "TROUBLESHOOTING.md"), "utf8");

/** Each command with what is said to be printed, by the heading it stands under. */
const cases = [...text.matchAll(/```sh\n([\s\S]*?)```\n+```text\n([\s\S]*?)```/g)].map(
  ({ 1: command = "", 2: printed = "", index }) => ({
    symptom:
      text
        .slice(0, index)
        .match(/^### .*$/gm)
        ?.at(-1)
        ?.slice(4) ?? "",
    command,
    lines: printed.split("\n").filter(Boolean),
  }),
);

/** The page names ports that are rarely taken; here others run, so it is given those that are free. */
async function onFreePorts({ command, lines }: { command: string; lines: string[] }) {
  const named = [...new Set(command.match(/\b391\d\d\b/g))];
  const free = await freePorts(named.length);
  const moved = (text: string) =>
    named.reduce((moving, port, at) => moving.replaceAll(port, String(free[at])), text);
  // a second is long enough for a person's machine
  const listens = `until (exec 3<>/dev/tcp/127.0.0.1/${free[0]}) 2>/dev/null; do sleep 0.1; done`;
  return {
    command: moved(command).replace("& sleep 1\n", `& ${listens}\n`),
    lines: lines.map(moved),
  };
}

const can =
  process.platform !== "win32" &&
  ["bash", "curl"].every((name) => programFile(name, process.env) !== undefined);

describe.skipIf(!can)("TROUBLESHOOTING.md (needs bash and curl)", () => {
  beforeAll(async () => {
    const names = ["greet-server", "gateway"];
    const servers = findProjects(repositoryRoot).filter(({ name }) => names.includes(name));
    await buildServers(servers, { onlyStale: true, write: () => {} });
  }, 120_000);

  test.each(cases)(
    "$symptom",
    async (given) => {
      const { command, lines } = await onFreePorts(given);
      const { stdout, stderr } = spawnSync("bash", ["-c", command], {
        cwd: repositoryRoot,
        encoding: "utf8",
        timeout: 50_000,
        env: { PATH: process.env.PATH, HOME: process.env.HOME },
      });
      // the servers of the page are ended by its own commands
      for (const line of lines) expect(stdout + stderr).toContain(line);
    },
    60_000,
  );
});

test("every symptom has a command or names the test that shows it", () => {
  const sections = text.split(/^### /m).slice(1);
  expect(cases.length).toBeGreaterThan(10);
  for (const section of sections) {
    expect(section, section.split("\n")[0]).toMatch(
      /```sh|[Tt]ests?:\s|pnpm rolling-update|binfmt/,
    );
  }
  const named = [...text.matchAll(/`((?:scripts|shared)\/tests\/[\w.-]+)`/g)].map(
    ([, file]) => file,
  );
  for (const file of named) {
    expect(readFileSync(join(repositoryRoot, file ?? ""), "utf8")).not.toBe("");
  }
});
