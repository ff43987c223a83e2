import { expect, test } from "vitest";
import { allChecks, type Check, type Outcome } from "../lib/checks/checks.ts";
import { checkCommand } from "../lib/checks/command.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { tempFolder } from "./support/temp-folder.ts";

const passing = async (): Promise<Outcome> => ({ ok: true, output: "all quiet" });
const failing = async (): Promise<Outcome> => ({ ok: false, output: "line 3 is wrong\n" });

function check(name: string, run: () => Promise<Outcome>, fix?: () => Promise<Outcome>): Check {
  return { group: name, name, run, ...(fix === undefined ? {} : { fix }) };
}

async function runChecks(checks: Check[], { only = [] as string[], fix = false } = {}) {
  const lines: string[] = [];
  const ok = await checkCommand({ checks, only, fix, write: (line) => lines.push(line) });
  return { ok, lines: lines.map((line) => line.replace(/\d+\.\d s$/, "N s")) };
}

test("runs every check though one fails, and prints what that one said", async () => {
  const checks = [check("one", failing), check("two", passing)];
  const { ok, lines } = await runChecks(checks);
  expect(ok).toBe(false);
  expect(new Set(lines)).toEqual(
    new Set([
      "FAILED one  N s",
      "line 3 is wrong\nend of one",
      "ok     two  N s",
      "failed   one",
      "1 passed, 1 failed",
    ]),
  );
});

test("says of what failed which command repairs it", async () => {
  const { lines } = await runChecks([check("one", failing, passing), check("two", failing)]);
  expect(lines).toContain('failed   one: "pnpm check --fix --only one" repairs what it can');
  expect(lines).toContain("failed   two");
});

test("ends with one plain line and succeeds when all pass", async () => {
  const { ok, lines } = await runChecks([check("one", passing)]);
  expect(ok).toBe(true);
  expect(lines.at(-1)).toBe("1 passed, 0 failed");
});

test("counts a check that throws as failed", async () => {
  const thrown = check("one", async () => {
    throw new Error("the tool is not installed");
  });
  const { ok, lines } = await runChecks([thrown, check("two", passing)]);
  expect(ok).toBe(false);
  expect(lines.join("\n")).toContain("the tool is not installed");
});

test("runs some, and refuses a name it does not know", async () => {
  const checks = [check("one", failing), check("two", passing)];
  expect((await runChecks(checks, { only: ["two"] })).ok).toBe(true);
  await expect(runChecks(checks, { only: ["three"] })).rejects.toThrow(
    "Unknown check: three. Known: one, two",
  );
});

test("repairs in an order in which later repairs see earlier ones, then checks", async () => {
  const done: string[] = [];
  const record = (what: string) => async () => {
    done.push(what);
    return passing();
  };
  const names = ["biome", "knip", "generate", "shared", "sherif"];
  const checks = names.map((name) => check(name, record(name), record(`fix ${name}`)));
  await runChecks(checks, { fix: true });
  expect(done.slice(0, 4)).toEqual(["fix shared", "fix generate", "fix sherif", "fix biome"]);
  expect(new Set(done.slice(4))).toEqual(new Set(names));
});

test("knows every check, with types for root, shared and each server", () => {
  const root = tempFolder({ "shared/package.json": "{}", "servers/a-server/package.json": "{}" });
  const names = allChecks(root).map((each) => each.name);
  expect(names).toEqual([
    "biome",
    "tsc root",
    "tsc shared",
    "tsc a-server",
    "tsc bench",
    "knip",
    "sherif",
    "shared:copy",
    "generate",
    "deploy files",
    "lockfiles",
    "links",
    "workflows",
  ]);
});

test("finds the tools where they are installed, and says when they are not", async () => {
  const types = (root: string) => allChecks(root).find((each) => each.name === "tsc root");
  expect((await types(tempFolder())?.run().catch(String)) ?? "").toContain("pnpm@12 install");
  const sherif = allChecks(repositoryRoot).find((each) => each.name === "sherif");
  expect((await sherif?.run())?.output).toMatch(/issue/i);
});
