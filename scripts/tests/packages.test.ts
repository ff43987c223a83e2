import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testPackages } from "../lib/packages/test-packages.ts";
import { builtServer } from "./support/built-server.ts";

async function packagesOf(server = builtServer()) {
  const lines: string[] = [];
  const tally = await testPackages(server, (line) => lines.push(line));
  return { tally, text: lines.join("\n") };
}

function edit(folder: string, name: string, change: (value: Record<string, unknown>) => void) {
  const file = join(folder, name);
  const value: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  change(value);
  writeFileSync(file, JSON.stringify(value));
}

test("installs the tarball and unpacks the bundle, and both answer in both eras", async () => {
  const { tally, text } = await packagesOf();
  expect(tally).toEqual({ passed: 10, failed: 0, skipped: [] });
  expect(text).toContain("as a desktop client 2026-07-28: list, call, end of stdin");
});

test("fails when a file that is needed is not packed", async () => {
  const server = builtServer();
  edit(server.dir, "package.json", (value) => {
    value.files = ["dist/stdio.cjs"];
  });
  const { tally, text } = await packagesOf(server);
  expect(tally).toMatchObject({ passed: 4, failed: 1 });
  expect(text).toMatch(/FAILED {2}wind-server {2}http 2025-11-25.*http\.js/s);
});

test("fails when the bundle starts something else than it holds, or is no bundle", async () => {
  const server = builtServer();
  edit(server.dir, "manifest.json", (value) => {
    value.server = {
      type: "node",
      entry_point: "dist/stdio.cjs",
      mcp_config: { command: "node", args: ["dist/stdio.cjs"] },
    };
  });
  const started = await packagesOf(server);
  expect(started.text).toMatch(/FAILED {2}wind-server {2}as a desktop client 2025-11-25/);
  edit(server.dir, "manifest.json", (value) => {
    delete value.author;
  });
  const packed = await packagesOf(server);
  expect(packed.text).toMatch(/FAILED {2}wind-server {2}mcpb pack.*author/s);
});

test("says that a server is not built", async () => {
  const server = builtServer();
  rmSync(join(server.dir, "dist"), { recursive: true });
  expect((await packagesOf(server)).text).toContain("run pnpm build wind-server");
});
