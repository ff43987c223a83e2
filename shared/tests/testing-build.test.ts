import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureBuilt } from "#shared/testing/build.ts";
import { withTempDir } from "#shared/testing/temp-dir.ts";

/** Stands for the bundler: slow enough for two to meet, and it leaves a mark each time it runs. */
const BUNDLER = `
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
appendFileSync("runs.txt", "run\\n");
await new Promise((resolve) => setTimeout(resolve, 200));
if (existsSync("broken")) { console.error("src/stdio.ts is broken"); process.exit(1); }
mkdirSync("dist", { recursive: true });
for (const name of ["stdio.cjs", "http.js", "server.js"]) writeFileSync("dist/" + name, "");
`;

async function inServerFolder(work: (folder: string) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const rolldown = join(folder, "node_modules", "rolldown");
    await mkdir(rolldown, { recursive: true });
    await mkdir(join(folder, "src", "tools"), { recursive: true });
    await writeFile(join(folder, "package.json"), "{}");
    await writeFile(join(folder, "src", "tools", "a.ts"), "");
    await writeFile(join(rolldown, "package.json"), '{"bin":{"rolldown":"./cli.mjs"}}');
    await writeFile(join(rolldown, "cli.mjs"), BUNDLER);
    await work(folder);
  });
}

const runs = async (folder: string) =>
  (await readFile(join(folder, "runs.txt"), "utf8").catch(() => "")).split("\n").length - 1;

describe("building before the tests", () => {
  it("happens once, also for two suites at the same time", () =>
    inServerFolder(async (folder) => {
      await Promise.all([ensureBuilt(folder), ensureBuilt(folder)]);
      await ensureBuilt(folder);
      expect(await runs(folder)).toBe(1);
    }));

  it("happens again when a source is newer, however deep", () =>
    inServerFolder(async (folder) => {
      await ensureBuilt(folder);
      const later = new Date(Date.now() + 60_000);
      await utimes(join(folder, "src", "tools", "a.ts"), later, later);
      await ensureBuilt(folder);
      expect(await runs(folder)).toBe(2);
    }));

  it("that fails says what the bundler said, and leaves the way free", () =>
    inServerFolder(async (folder) => {
      await writeFile(join(folder, "broken"), "");
      await expect(ensureBuilt(folder)).rejects.toThrow("src/stdio.ts is broken");
      await expect(ensureBuilt(folder)).rejects.toThrow("src/stdio.ts is broken");
    }));

  it.each([
    ["in the middle", String(2 ** 22 + 1)], // above every process id
    ["as it began", undefined],
  ])("takes over, once, from a suite that was killed %s", (_, pid) =>
    inServerFolder(async (folder) => {
      const modules = join(folder, "node_modules");
      const lock = join(modules, ".contract-build");
      await mkdir(lock);
      if (pid !== undefined) await writeFile(join(lock, "pid"), pid);
      await Promise.all(Array.from({ length: 8 }, () => ensureBuilt(folder)));
      expect(await runs(folder)).toBe(1);
      expect(await readdir(modules), "nothing is left behind").toEqual(["rolldown"]);
    }),
  );
});
