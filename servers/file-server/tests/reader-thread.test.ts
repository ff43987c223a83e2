import { resolve } from "node:path";
import { expect, test } from "vitest";
import { ToolError } from "#shared/core/errors.ts";
import { MAX_TRIES, STUCK_MS, threadReader } from "../src/reading/thread.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { withRoot } from "./support/files.ts";

const options = (root: string) => ({ roots: [root], followLinks: true, denyPatterns: [".env"] });
const progress = () => {};
const info = (path: string) => ({ path, hash: false });
const list = { path: ".", sort: "name", limit: 10, details: false } as const;

const reasonOf = (error: unknown) => error instanceof ToolError && error.details.reason;

test("a thread reads, refuses, is cancelled and goes on", async () => {
  await ensureBuilt();
  await withRoot(
    { "a.txt": "alpha", ".env": "x", "big.txt": "ab\n".repeat(2_000_000) },
    async (root) => {
      const reader = threadReader(resolve("dist/reader.js"), options(root));
      const signal = AbortSignal.timeout(20_000);
      const job = { signal, progress };
      expect(await reader.run("get_file_info", info("a.txt"), job)).toMatchObject({ size: 5 });
      const refused = await reader.run("get_file_info", info(".env"), job).catch(reasonOf);
      expect(refused).toBe("denied_by_pattern");
      const controller = new AbortController();
      const search = reader.run(
        "search_text",
        { path: ".", pattern: "(a|b)+c", regex: true, glob: "*", context: 0, max_results: 1 },
        { signal: controller.signal, progress },
      );
      setTimeout(() => controller.abort(), 20);
      await expect(search).rejects.toThrow(/abort/i);
      const both = ["a.txt", "big.txt"].map((path) => reader.run("get_file_info", info(path), job));
      expect(await Promise.all(both)).toHaveLength(2);
      await reader.close();
    },
  );
}, 120_000);

test("what the rest of the process takes is not counted as an expression's", async () => {
  await ensureBuilt();
  await withRoot({ "big.txt": "ab\n".repeat(4_000_000) }, async (root) => {
    const reader = threadReader(resolve("dist/reader.js"), options(root));
    const job = { signal: AbortSignal.timeout(60_000), progress };
    const input = { path: ".", pattern: "(a|b)+c", regex: true, glob: "*" };
    const search = () =>
      reader
        .run("search_text", { ...input, context: 0, max_results: 1 }, job)
        .then(({ matches }) => matches);
    expect(await search()).toEqual([]);
    const others = Buffer.alloc(2 ** 29, 1);
    expect(await search()).toEqual([]);
    expect(others.length).toBe(2 ** 29);
    await reader.close();
  });
}, 120_000);

test("a call begins again a few times when others take too much, and is then refused", async () => {
  const reader = threadReader(resolve("tests/fixtures/greedy-reader.mjs"), options("/"));
  const job = { signal: AbortSignal.timeout(60_000), progress };
  let refused: unknown;
  const other = reader.run("list_directory", list, job).catch((error) => {
    refused = reasonOf(error);
  });
  const input = { path: ".", pattern: "a+", regex: true, glob: "*", context: 0, max_results: 1 };
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    expect(refused).toBeUndefined();
    expect(await reader.run("search_text", input, job).catch(reasonOf)).toBe("too_large");
  }
  await other;
  expect(refused).toBe("busy");
  await reader.close();
}, 120_000);

test("one that does not come back is given up after a while, and another one started", async () => {
  const reader = threadReader(resolve("tests/fixtures/stuck-reader.mjs"), options("/"));
  const controller = new AbortController();
  const stuck = { signal: controller.signal, progress };
  const first = reader.run("list_directory", list, stuck).catch(reasonOf);
  const other = reader.run("list_directory", list, {
    ...stuck,
    signal: AbortSignal.timeout(60_000),
  });
  const started = performance.now();
  controller.abort();
  expect([await first, await other.catch(reasonOf)]).toEqual(["busy", "busy"]);
  expect(performance.now() - started).toBeGreaterThan(STUCK_MS * 0.9);
  const ended = reader.run(
    "search_files",
    { path: ".", pattern: "*", type: "any", max_results: 1 },
    {
      signal: AbortSignal.timeout(20_000),
      progress,
    },
  );
  expect(await ended.catch(reasonOf)).toBe("busy");
  await reader.close();
}, 60_000);
