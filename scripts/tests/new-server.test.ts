import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseModules, parsePort, planServer } from "../lib/new-server.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { renderTemplate } from "../lib/template.ts";
import { rename } from "../lib/template-names.ts";
import { writeFiles } from "./support/temp-folder.ts";
import { commitAll, tempRepository } from "./support/temp-repository.ts";

const manifest = (name: string, port: number, shared: string[] = []) =>
  JSON.stringify({
    name,
    mcpName: `io.github.someone/${name}`,
    flotilla: { title: "Greet", port, shared },
  });

const repository = () =>
  tempRepository({
    "shared/core/module.json": `{ "description": "Core" }`,
    "shared/core/errors.ts": "export const error = 1;\n",
    "shared/cache/module.json": `{ "description": "Cache", "needs": ["core"] }`,
    "servers/greet-server/package.json": manifest("greet-server", 3007, ["core"]),
    "servers/greet-server/README.md": `# greet-server\n"greet" at :3007, not 30012\n`,
    "servers/greet-server/pnpm-lock.yaml": "integrity: x3007x\n",
    "servers/greet-server/src/shared/core/errors.ts": "copied",
    "servers/greet-server/shared.lock.json": "{}",
    "servers/greet-server/tools.lock.json": "{}",
    "servers/greet-server/src/tools/echo-hai.ts": `export const echoHai = { name: "echoHai" };\n`,
    "servers/bye-server/package.json": manifest("bye-server", 3002),
    "servers/gateway/package.json": manifest("gateway", 8000),
  });

const plan = (root: string, name: string, more = {}) =>
  planServer(root, { name, shared: [], ...more });

test("takes the next free port, a title in words and the modules of the model", () => {
  expect(plan(repository(), "tide-level-server")).toEqual({
    name: "tide-level-server",
    port: 3001,
    shared: ["core"],
    title: "Tide level",
  });
});

test("takes what it is told", () => {
  const more = { port: 4000, title: "Tides", shared: ["cache", "core"] };
  expect(plan(repository(), "tide-server", more)).toMatchObject({ ...more });
});

test.each([
  ["Tide-server", {}, "lower case words"],
  ["../tide-server", {}, "lower case words"],
  ["tide--server", {}, "lower case words"],
  ["tide", {}, 'take "tide-server"'],
  [`${"x".repeat(50)}-server`, {}, "longer than 50"],
  ["greet-server", {}, "servers/greet-server exists"],
  ["gateway-server", {}, 'gateway is known as "gateway" already'],
  ["tide-server", { port: 8000 }, "port 8000 is gateway's; 3001 is free"],
  ["tide-server", { shared: ["cahce"] }, '"cahce", which is not in: cache, core'],
])("refuses %s %j", (name, more, message) => {
  const root = repository();
  expect(() => plan(root, name, more)).toThrow(message);
  expect(existsSync(join(root, "servers", "tide-server"))).toBe(false);
});

test("reads ports and lists of modules", () => {
  expect(parsePort("4000")).toBe(4000);
  expect(parsePort(undefined)).toBeUndefined();
  for (const text of ["", "0", "65536", "1.5", "http"]) expect(() => parsePort(text)).toThrow();
  expect(parseModules("core, cache,,")).toEqual(["core", "cache"]);
  expect(parseModules(undefined)).toEqual([]);
});

test("takes what somebody wrote, renamed, and leaves what is copied or generated", () => {
  const root = repository();
  const files = renderTemplate(root, plan(root, "tide-server", { shared: ["cache"] }));
  expect([...files.keys()].sort()).toEqual([
    "README.md",
    "package.json",
    "pnpm-lock.yaml",
    "src/tools/say-hello.ts",
  ]);
  expect(files.get("README.md")).toBe(`# tide-server\n"tide" at :3001, not 30012\n`);
  expect(files.get("pnpm-lock.yaml")).toBe("integrity: x3007x\n");
  expect(files.get("src/tools/say-hello.ts")).toBe(
    `export const sayHello = { name: "say_hello" };\n`,
  );
  expect(JSON.parse(files.get("package.json") ?? "")).toMatchObject({
    name: "tide-server",
    mcpName: "io.github.someone/tide-server",
    flotilla: { title: "Tide", port: 3001, shared: ["cache", "core"] },
  });
});

test("takes new files of the model that git does not ignore", () => {
  const root = repository();
  writeFiles(root, { "servers/greet-server/tests/more.test.ts": "", ".gitignore": "dist/\n" });
  writeFiles(root, { "servers/greet-server/dist/stdio.cjs": "" });
  commitAll(root, "more");
  const files = renderTemplate(root, plan(root, "tide-server"));
  expect(files.has("tests/more.test.ts")).toBe(true);
  expect(files.has("dist/stdio.cjs")).toBe(false);
});

test("an exception of the model's contract is not the new server's", () => {
  const text = `describeContract(server, {\n  example: {},\n  exceptions: {\n    "echoHai name": "old",\n  },\n});\n`;
  expect(rename(text, { name: "tide-server", port: 1 })).toBe(
    "describeContract(server, {\n  example: {},\n});\n",
  );
});

test("nothing of greet-server is left in what is made of it", () => {
  const files = renderTemplate(repositoryRoot, {
    name: "tide-server",
    title: "Tide",
    port: 3999,
    shared: ["core"],
  });
  expect(files.size).toBeGreaterThan(8);
  for (const [path, text] of files) {
    expect.soft(path).not.toMatch(/greet|hai/i);
    // the example tool greets, which is no name
    expect.soft(text, path).not.toMatch(/greet-server|"greet"|echo-?hai/i);
    if (path !== "pnpm-lock.yaml") expect.soft(text, path).not.toContain("3007");
  }
  expect(readFileSync(join(repositoryRoot, "servers/greet-server/README.md"), "utf8")).toContain(
    "3007",
  );
});
