import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitAll } from "./support/temp-repository.ts";
import {
  expectClean,
  expectOk,
  MINUTES,
  scriptIn as script,
  wholeRepository,
} from "./support/whole-repository.ts";

test.skipIf(process.platform === "win32")(
  "a new server passes everything at once: format, types, copies, generated files, standalone",
  { timeout: 15 * MINUTES },
  async ({ skip }) => {
    const root = await wholeRepository(skip);
    const made = await script(root, "new-server", "tide-level-server", "--title", "Tides");
    expectOk(made);
    expect(made.output).toContain("pnpm dev tide-level --http");
    commitAll(root, "a new server");

    const folder = join(root, "servers", "tide-level-server");
    expect(existsSync(join(folder, "pnpm-lock.yaml"))).toBe(true);
    const lock = JSON.parse(readFileSync(join(folder, "tools.lock.json"), "utf8"));
    expect(lock).toMatchObject({ title: "Tides", tools: [{ name: "say_hello" }] });
    await expectClean(root, "tide-level-server");
    expectOk(await script(root, "shared-copy", "--check", "tide-level-server"));
    expectOk(await script(root, "generate", "--check", "tide-level-server"));
    const alone = await script(root, "test-standalone", "tide-level-server");
    expectOk(alone);
    expect(alone.output).toMatch(/^\d+ passed, 0 failed, 0 skipped$/m);
  },
);
