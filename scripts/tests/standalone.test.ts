import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test, vi } from "vitest";
import { assertListed } from "../lib/standalone/answers.ts";
import { assertAlone, emptyEnvironment, freshEnvironment } from "../lib/standalone/environment.ts";
import { copyShipped, testStandalone } from "../lib/standalone/standalone.ts";
import { tempFolder, writeFiles } from "./support/temp-folder.ts";
import { tempRepository } from "./support/temp-repository.ts";

const sdkServer = new URL("./fixtures/sdk-server.mjs", import.meta.url).href;
const entry = `process.argv[2] = "KIND"; void import("${sdkServer}");`;

/** Stands in for a package manager: writes down what it was asked, and builds the fixture. */
const tool = `import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
const asked = process.argv.slice(2).join(" ");
appendFileSync(process.env.TOOL_LOG, asked + "\\n");
if (asked === process.env.TOOL_FAILS) { console.log("no such luck"); process.exit(1); }
if (asked === "pnpm run build") {
  mkdirSync("dist");
  const entry = ${JSON.stringify(entry)};
  writeFileSync("dist/stdio.cjs", entry.replace("KIND", "stdio"));
  writeFileSync("dist/http.js", entry.replace("KIND", "http"));
}`;

const lockOf = (...names: string[]) => JSON.stringify({ tools: names.map((name) => ({ name })) });

async function standalone({
  lock = lockOf("first_tool", "second_tool"),
  fails = "",
  manifest = {},
}) {
  const root = tempRepository({
    "servers/a-server/package.json": JSON.stringify({ type: "module", ...manifest }),
    "servers/a-server/tools.lock.json": lock,
  });
  const folder = tempFolder({ "tool.mjs": tool, log: "" });
  vi.stubEnv("TOOL_LOG", join(folder, "log"));
  vi.stubEnv("TOOL_FAILS", fails);
  const command: [string, string] = [process.execPath, join(folder, "tool.mjs")];
  const dir = join(root, "servers", "a-server");
  const lines: string[] = [];
  const tally = await testStandalone(
    [{ name: "a-server", dir, kind: "server", toolsDir: dir }],
    1,
    {
      root,
      tools: { pnpm: [...command, "pnpm"], npm: [...command, "npm"] },
      write: (line) => lines.push(line),
    },
  );
  const asked = readFileSync(join(folder, "log"), "utf8").trim().split("\n");
  return { tally, lines, text: lines.join("\n"), asked };
}

test("installs, tests, builds and hears answers in both eras from what was built", async () => {
  const { tally, lines, asked } = await standalone({});
  expect(tally).toEqual({ passed: 13, failed: 0, skipped: [] });
  expect(asked).toEqual([
    "pnpm install --frozen-lockfile",
    "pnpm test",
    "pnpm run build",
    "npm install --no-audit --no-fund --prefer-offline",
    "npm test -- --passWithNoTests contract",
    "npm run build",
  ]);
  expect(lines.map((line) => line.replace(/\d+\.\d s$/, "").trim())).toContain(
    "ok      a-server  stdio 2026-07-28: list, call, end of stdin",
  );
});

test("installs again what cannot be bundled, when there is such a thing", async () => {
  const { asked } = await standalone({ manifest: { dependencies: { native: "1.0.0" } } });
  expect(asked[3]).toBe("pnpm install --prod --frozen-lockfile");
});

test("fails when the list is not that of tools.lock.json", async () => {
  const { tally, text } = await standalone({ lock: lockOf("first_tool") });
  expect(tally).toMatchObject({ passed: 9, failed: 1 });
  expect(text).toContain("Listed first_tool, second_tool; tools.lock.json has first_tool");
});

test("wants the whole list in its order; only what can be switched off may be missing", () => {
  const plain = [{ name: "first_tool" }, { name: "second_tool" }];
  const folderOf = (tools: object[]) =>
    tempFolder({ "tools.lock.json": JSON.stringify({ tools }) });
  const listed = ["first_tool", "second_tool"];
  const optional = folderOf([...plain, { name: "third_tool", toolset: "extra" }]);
  expect(() => assertListed(listed, optional)).not.toThrow();
  expect(() => assertListed([...listed, "third_tool"], optional)).not.toThrow();
  expect(() => assertListed(["second_tool", "first_tool"], optional)).toThrow("Listed second_tool");
  const required = folderOf([...plain, { name: "third_tool" }]);
  expect(() => assertListed(listed, required)).toThrow("has first_tool, second_tool, third_tool");
  expect(() => assertListed([], folderOf([]))).not.toThrow();
});

test("skips, by name, what cannot work after a failure, and prints why it failed", async () => {
  const { tally, text } = await standalone({ fails: "pnpm run build" });
  expect(tally).toMatchObject({ passed: 7, failed: 1 });
  expect(tally.skipped).toHaveLength(5);
  expect(text).toMatch(/FAILED {2}a-server {2}pnpm run build {2}\d+\.\d s\nno such luck/);
  expect(text).toContain("skipped a-server  http 2025-11-25: list, call");
});

test("copies what git ships: new files too, ignored and deleted ones not", () => {
  const root = tempRepository({
    ".gitignore": "dist/\nnode_modules/\n",
    "servers/a/kept.ts": "kept",
    "servers/b/other.ts": "",
  });
  writeFiles(root, { "servers/a/src/new.ts": "new", "servers/a/dist/built.js": "" });
  const target = tempFolder();
  copyShipped(join(root, "servers/a"), target);
  expect(readdirSync(target, { recursive: true }).sort()).toEqual([
    "kept.ts",
    "src",
    join("src", "new.ts"),
  ]);
  expect(existsSync(join(target, "dist"))).toBe(false);
  expect(() => copyShipped(join(root, "servers/a/dist"), target)).toThrow("git ships nothing");
});

test("hides this repository's tools from the copy and keeps the machine's registry", () => {
  const root = join("/", "repo");
  const kept = join("/", "usr", "bin");
  const path = [join(root, "node_modules", ".bin"), join("/", "x", "node_modules", ".bin"), kept];
  const from = {
    PATH: path.join(delimiter),
    npm_config_registry: "https://registry.example",
    npm_lifecycle_event: "test",
    pnpm_config_verify_deps_before_run: "false",
    INIT_CWD: root,
    VITEST: "true",
    API_KEY: "secret",
  };
  expect(freshEnvironment(root, from)).toEqual({
    PATH: kept,
    npm_config_registry: "https://registry.example",
    API_KEY: "secret",
  });
  expect(emptyEnvironment(from)).toEqual({ PATH: from.PATH });
});

test("refuses a place where something above would help the copy", () => {
  const above = tempFolder({ "a/package.json": "{}", "node_modules/zod/index.js": "" });
  expect(() => assertAlone(join(above, "a"))).toThrow("set TMPDIR elsewhere");
  expect(() => assertAlone(tempFolder())).not.toThrow();
});
