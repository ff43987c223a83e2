import { expect, test } from "vitest";
import { listModules } from "../lib/copy/modules.ts";
import { describeFleet, formatFleet } from "../lib/fleet/fleet.ts";
import { describeAge, sharedAge } from "../lib/fleet/shared-age.ts";
import type { Project } from "../lib/projects.ts";
import { keepReport } from "../lib/smoke/report.ts";
import { lines, smallRepo } from "./support/copy-repository.ts";

const tool = (name: string, more = {}) => ({
  name,
  description: "Does it",
  inputSchema: { type: "object" },
  annotations: { readOnlyHint: true },
  ...more,
});

/** A repository of one server whose copies are current. */
async function repository() {
  const repo = smallRepo();
  await repo.copy();
  const lock = {
    version: "1.2.3",
    variables: {},
    toolsets: { more: { default: false } },
    tools: [tool("one"), tool("two", { toolset: "more" })],
  };
  repo.write("servers/greet-server/tools.lock.json", JSON.stringify(lock));
  repo.commit();
  const dir = `${repo.root}/servers/greet-server`;
  const server: Project = { name: "greet-server", dir, kind: "server", toolsDir: dir };
  const age = () => sharedAge(repo.root, server, listModules(repo.root));
  return { repo, server, age };
}

test("tells what is shown of each server, what was not done, and what was", async () => {
  const { repo, server } = await repository();
  const table = (starts = new Map()) =>
    formatFleet(describeFleet(repo.root, [server], starts), new Date()).join("\n");
  expect(table()).toMatch(
    /^server .*\ngreet-server {2}1\.2\.3 +1 of 2 +\d+ +not built +- +- +current +0 +never$/,
  );
  repo.write("servers/greet-server/dist/stdio.cjs", "x".repeat(1234));
  const report = { url: "u", server: "greet-server", at: "2026-11-20T10:11:12Z", checks: [] };
  keepReport(repo.root, { ...report, ok: false });
  const starts = new Map([["greet-server", { list: 1.23, call: Number.NaN }]]);
  expect(table(starts)).toMatch(/1\.2 kB, stale +1\.2 x +- +current +0 +FAILED 2026-11-20T10:11Z$/);
});

test("counts copies that are behind, from the day their source moved on, and edited ones", async () => {
  const { repo, age } = await repository();
  expect(age()).toEqual({ behind: 0, edited: 0 });
  repo.write("shared/core/errors.ts", lines({ 3: "changed" }));
  expect(age()).toEqual({ behind: 1, edited: 0 });
  repo.commit();
  const { since, ...counts } = age();
  expect(counts).toEqual({ behind: 1, edited: 0 });
  expect(Math.abs(Number(since) - Date.now())).toBeLessThan(60_000);
  const copy = "servers/greet-server/src/shared/core/errors.ts";
  repo.write(copy, `${repo.read(copy)}// mine\n`);
  expect(age()).toMatchObject({ behind: 1, edited: 1 });
});

test("words an age", () => {
  const now = new Date("2026-11-20T00:00:00Z");
  const since = new Date("2026-11-17T12:00:00Z");
  expect(describeAge({ behind: 2, edited: 1, since }, now)).toBe("2 behind, for 2 d, 1 edited");
  expect(describeAge({ behind: 2, edited: 0, since: now }, now)).toBe("2 behind, since today");
  expect(describeAge({ behind: 1, edited: 0 }, now)).toBe("1 behind");
  expect(describeAge({ behind: 0, edited: 0 }, now)).toBe("current");
});
