import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildServers } from "../lib/build/build.ts";
import { hashSources, isStale } from "../lib/build/stamp.ts";
import { findProjects, repositoryRoot } from "../lib/projects.ts";
import { tempFolder, writeFiles } from "./support/temp-folder.ts";

const config = `export default {
  input: { stdio: "src/stdio.ts", http: "src/http.ts" },
  output: { dir: "dist", format: "esm", cleanDir: true, chunkFileNames: "chunks/[name].js" },
};`;

const serverFiles = {
  "package.json": "{}",
  "rolldown.config.js": config,
  "src/big.ts": `export const big = [${Array.from({ length: 500 }, (_, i) => `"number ${i}"`)}];`,
  "src/stdio.ts": `import { big } from "./big.ts"; console.log(big.length);`,
  "src/http.ts": `import { big } from "./big.ts"; console.log(big[1]);`,
};

function repository(...names: string[]) {
  const root = tempFolder();
  for (const name of names) {
    const folder = join(root, "servers", name);
    writeFiles(folder, serverFiles);
    mkdirSync(join(folder, "node_modules"));
    const rolldown = join(repositoryRoot, "node_modules", "rolldown");
    symlinkSync(rolldown, join(folder, "node_modules", "rolldown"), "junction");
  }
  const folderOf = (name: string) => join(root, "servers", name);
  async function build(options: { onlyStale?: boolean; why?: boolean } = {}) {
    const lines: string[] = [];
    const servers = findProjects(root);
    const results = await buildServers(servers, { ...options, write: (line) => lines.push(line) });
    return { kinds: results.map(({ kind }) => kind), lines: lines.sort(), results };
  }
  return { folderOf, build };
}

test("builds every server and tells the sizes of entries and of all", async () => {
  const { build, folderOf } = repository("one-server", "two-server");
  const { kinds, lines } = await build();
  expect(kinds).toEqual(["built", "built"]);
  expect(lines[0]).toMatch(
    /^built {3}one-server {2}http\.js 0\.1 kB, stdio\.js 0\.1 kB, total 7\.\d kB {2}\d+\.\d s$/,
  );
  expect(existsSync(join(folderOf("two-server"), "dist", "chunks"))).toBe(true);
});

test("one that fails is one line with the place, and the others are built", async () => {
  const { build, folderOf } = repository("bad-server", "good-server");
  writeFiles(folderOf("bad-server"), { "src/http.ts": `import "./gone.ts";` });
  const { kinds, lines } = await build();
  expect(kinds).toEqual(["failed", "built"]);
  expect(lines[0]).toContain("FAILED  bad-server  [UNRESOLVED_IMPORT] Could not resolve");
  expect(lines[0]).toContain("(src/http.ts:1:8)");
  expect(lines[0]).not.toContain("\n");
  expect(isStale(folderOf("bad-server"))).toBe(true);
});

test("says what to do when the bundler or its configuration is missing", async () => {
  const { build, folderOf } = repository("a-server", "b-server");
  rmSync(join(folderOf("a-server"), "node_modules"), { recursive: true });
  rmSync(join(folderOf("b-server"), "rolldown.config.js"));
  const { lines } = await build();
  expect(lines).toEqual([
    "FAILED  a-server  its rolldown is not installed: run npx -y pnpm@12 install",
    "FAILED  b-server  it has no rolldown.config.js: run pnpm shared:copy b-server",
  ]);
});

test("with onlyStale builds what was never built, and then nothing", async () => {
  const { build } = repository("a-server");
  expect((await build({ onlyStale: true })).kinds).toEqual(["built"]);
  expect((await build({ onlyStale: true })).lines).toEqual(["current a-server"]);
  expect((await build()).kinds).toEqual(["built"]);
});

const change = (path: string, text: string) => (folder: string) =>
  writeFiles(folder, { [path]: text });

for (const [what, spoil] of [
  ["a source changed", change("src/big.ts", "export const big = [1];")],
  ["a source was added", change("src/more/new.ts", "export const x = 1;")],
  ["a source was deleted", (folder: string) => rmSync(join(folder, "src/big.ts"))],
  ["the contract changed", change("tools.lock.json", "{}")],
  ["a package changed", change("pnpm-lock.yaml", "packages: {}")],
  ["an entry is missing", (folder: string) => rmSync(join(folder, "dist/http.js"))],
  ["a chunk is missing", (folder: string) => rmSync(join(folder, "dist/chunks/big.js"))],
  ["somebody else built", (folder: string) => rmSync(join(folder, "dist/.built-from.json"))],
] as const) {
  test(`is stale when ${what}`, async () => {
    const { build, folderOf } = repository("a-server");
    await build();
    expect(isStale(folderOf("a-server"))).toBe(false);
    spoil(folderOf("a-server"));
    expect(isStale(folderOf("a-server"))).toBe(true);
  });
}

test("is not stale when only times changed, or a test", async () => {
  const { build, folderOf } = repository("a-server");
  await build();
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(folderOf("a-server"), "src/big.ts"), later, later);
  writeFiles(folderOf("a-server"), { "tests/some.test.ts": "" });
  expect(isStale(folderOf("a-server"))).toBe(false);
});

test("a file cannot hide in the name or the end of another", () => {
  const one = tempFolder({ "src/a": "b", "src/c": "d" });
  const other = tempFolder({ "src/a": "bsrc/c\0" + "1\0d" });
  expect(hashSources(one)).not.toBe(hashSources(other));
});

test("with why names the modules, packages as one each, and leaves the bundle as it is", async () => {
  const { build, folderOf } = repository("a-server");
  const folder = folderOf("a-server");
  writeFiles(folder, {
    "node_modules/@scope/pack/package.json": `{ "exports": "./index.js", "type": "module" }`,
    "node_modules/@scope/pack/index.js": `export * from "./part.js"; export const first = [process.pid, "the first"];`,
    "node_modules/@scope/pack/part.js": `export const second = [process.pid, "the second"];`,
    "src/http.ts": `import { first, second } from "@scope/pack"; console.log(first, second);`,
  });
  const read = () => readFileSync(join(folder, "dist/http.js"), "utf8");
  await build();
  const plain = read();
  const { lines, results } = await build({ why: true });
  expect(read()).toBe(plain);
  const [result] = results;
  const names = result?.kind === "built" ? result.modules.map(({ name }) => name) : [];
  expect(names).toEqual(["src/big.ts", "@scope/pack", "src/http.ts", "src/stdio.ts"]);
  expect(lines).toContainEqual(expect.stringMatching(/^ +[\d.]+ kB {2}@scope\/pack$/));
});

test("with why adds up the modules of a configuration that makes several bundles", async () => {
  const { build, folderOf } = repository("a-server");
  const one = (name: string) =>
    `{ input: { ${name}: "src/${name}.ts" }, output: { dir: "dist", format: "esm" } }`;
  const several = `export default [${one("stdio")}, ${one("http")}];`;
  const bytesOf = async () => {
    const { results } = await build({ why: true });
    const [result] = results;
    const modules = result?.kind === "built" ? result.modules : [];
    return modules.find(({ name }) => name === "src/big.ts")?.bytes ?? 0;
  };
  const shared = await bytesOf();
  writeFiles(folderOf("a-server"), { "rolldown.config.js": several });
  expect(await bytesOf()).toBe(2 * shared);
});
