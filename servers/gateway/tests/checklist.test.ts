import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const table = await readFile("docs/security.md", "utf8");
const rows = table.split("\n").filter((line) => /^\| \d+ \|/.test(line));
const cells = rows.map((row) => row.split(" | "));

describe("the security checklist", () => {
  it("has every line once, each with what holds and with tests", () => {
    expect(cells.map(([first]) => first)).toEqual(rows.map((_, index) => `| ${index + 1}`));
    expect(rows).toHaveLength(20);
    for (const [, threat, holds, tests] of cells) {
      expect(threat).toBeTruthy();
      expect(holds, threat).toBeTruthy();
      expect(tests, threat).toMatch(/^`/);
    }
  });

  const named = cells.flatMap(([, , , tests = ""]) =>
    tests
      .replace(/ \|$/, "")
      .split("<br>")
      .map((one) => /^`([^`]+)`: (.+)$/.exec(one)?.slice(1) ?? [one, ""]),
  );

  it("names tests of this folder, but for the last line", () => {
    const outside = named.filter(([file = ""]) => !file.startsWith("tests/"));
    expect(outside.every(([file = ""]) => file.startsWith("../../scripts/tests/"))).toBe(true);
    expect(named.length - outside.length).toBeGreaterThan(50);
  });

  // the folder stands alone, without what is around it in the repository
  const there = named.filter(([file = ""]) => file.startsWith("tests/") || existsSync(file));
  it.each(there)("%s has a test that is called: %s", async (file = "", name = "") => {
    const source = await readFile(file, "utf8");
    const titles = [...source.matchAll(/[(\s]"((?:[^"\\]|\\.)+)",?\s*(?:\{|async|\(|$)/gm)];
    expect(titles.map(([, title]) => title)).toContain(name);
  });
});
