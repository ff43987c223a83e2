import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { eras } from "../lib/standalone/answers.ts";
import { emptyEnvironment } from "../lib/standalone/environment.ts";
import { startStdio } from "../lib/standalone/raw-stdio.ts";
import { newServer, oldServer } from "./support/foreign-servers.ts";
import { commitAll } from "./support/temp-repository.ts";
import {
  expectOk,
  MINUTES,
  programIn,
  type WholeRepository,
  wholeRepository,
} from "./support/whole-repository.ts";

const NEW = "tide-level-server";
const IMPORTED = ["tide-server", "moon-server"];
const ALL = [NEW, ...IMPORTED];
const call = { tool: "get-tide", input: { port: "Brest" } };

/** In one repository, because it takes longest to install. */
describe.skipIf(process.platform === "win32")(
  "a new server, and imported ones on SDK 1.x and 2.x",
  { timeout: 15 * MINUTES },
  () => {
    let repository: WholeRepository;
    const folderOf = (name: string) => join(repository.root, "servers", name);
    const lockOf = (name: string) =>
      JSON.parse(readFileSync(join(folderOf(name), "tools.lock.json"), "utf8"));

    beforeAll(async () => {
      repository = await wholeRepository();
      if (repository.unavailable !== undefined) return;
      const { root, script, beside } = repository;
      const made = await script("new-server", NEW, "--title", "Tides");
      expectOk(made);
      expect(made.output).toContain("pnpm dev tide-level --http");
      const example = ["--example", JSON.stringify(call)];
      expectOk(await script("import-server", beside("old", oldServer), ...example));
      expectOk(await script("import-server", beside("new", newServer)));
      commitAll(root, "three more servers");
    }, 15 * MINUTES);
    afterAll(() => repository?.remove(), 5 * MINUTES);
    beforeEach(({ skip }) => {
      if (repository.unavailable !== undefined) skip(repository.unavailable);
    });

    test("have the format and the types that all have, and current copies and generated files", async () => {
      const { root, script } = repository;
      const folders = ALL.map((name) => `servers/${name}`);
      expectOk(await programIn(root, "@biomejs/biome/bin/biome", "ci", ...folders));
      for (const name of ALL)
        expectOk(await programIn(folderOf(name), "typescript/bin/tsc", "--noEmit"));
      expectOk(await script("shared-copy", "--check", ...ALL));
      expectOk(await script("generate", "--check", ...ALL));
    });

    test("the new one has its own lockfile and tool, and stands alone", async () => {
      expect(existsSync(join(folderOf(NEW), "pnpm-lock.yaml"))).toBe(true);
      expect(lockOf(NEW)).toMatchObject({ title: "Tides", tools: [{ name: "say_hello" }] });
      const alone = await repository.script("test-standalone", NEW);
      expectOk(alone);
      expect(alone.output).toMatch(/^\d+ passed, 0 failed, 0 skipped$/m);
    });

    test("the imported ones are built and pass their own tests", async () => {
      expectOk(await repository.script("build", ...IMPORTED));
      for (const name of IMPORTED)
        expectOk(await programIn(folderOf(name), "vitest/vitest.mjs", "run", "--no-color"));
    });

    test("what was brought in is told, kept, and answers in both eras", async () => {
      const tide = folderOf("tide-server");
      expect(readFileSync(join(tide, "LICENSE"), "utf8")).toBe(oldServer.LICENSE);
      expect(readFileSync(join(tide, "src/original/index.ts"), "utf8")).toContain("type Tide");
      expect(readFileSync(join(tide, "IMPORT.md"), "utf8")).toContain("- [ ] prompt plan");
      const lock = lockOf("tide-server");
      expect(lock).toMatchObject({
        instructions: "Ask for a port.",
        tools: [{ name: "get-tide" }],
      });
      expect(lock.variables.TIDE_API_KEY).toMatchObject({ secret: true });
      for (const era of eras) {
        const server = startStdio(["dist/stdio.cjs"], { cwd: tide, env: emptyEnvironment() });
        onTestFinished(server.kill);
        await era.open(server);
        const { structuredContent } = await era.call(server, call.tool, call.input);
        expect(structuredContent).toEqual({ height: 6.2, unit: "m" });
        await expect(era.call(server, call.tool, { port: "nowhere" })).rejects.toThrow(
          "no such port",
        );
      }
    });

    test("one that does not list its tools is refused, and leaves nothing", async () => {
      const broken = { ...newServer, "src/main.ts": 'throw new Error("no luck today");' };
      const folder = repository.beside("broken", broken);
      const refused = await repository.script("import-server", folder, "--name", "sun-server");
      expect(refused.output).toMatch(/does not list its tools; .*no luck today/s);
      expect(refused.ok).toBe(false);
      expect(existsSync(folderOf("sun-server"))).toBe(false);
    });
  },
);
