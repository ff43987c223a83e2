import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { defineConfig, flag, integer, list, standardVariables } from "../../shared/core/config.ts";
import { variableKind } from "../../shared/core/variable-kind.ts";
import { generate } from "../lib/generate/command.ts";
import { loadFacts } from "../lib/generate/load-facts.ts";
import { readVariables } from "../lib/generate/variables.ts";
import { findProjects, repositoryRoot } from "../lib/projects.ts";
import { serverFacts, toolEntry } from "./support/server-facts.ts";
import { tempFolder, writeFiles } from "./support/temp-folder.ts";

const markers = ["tools", "config"].map(
  (name) => `<!-- generated:${name} -->\n<!-- /generated -->`,
);

/** A server by shape alone: neither zod nor shared code is there. */
function serverFiles(name: string, port: number) {
  const { server } = serverFacts();
  const tools = [toolEntry("get_wind")];
  const definition = { ...server, name, port, tools, toolsets: {} };
  const manifest = {
    mcpName: `io.github.someone/${name}`,
    license: "MIT",
    repository: { url: "git+https://github.com/someone/servers.git", directory: `servers/${name}` },
    engines: { node: ">=20.19" },
  };
  const schema = "{ safeParse: () => ({ success: true }), toJSONSchema: () => ({}) }";
  return {
    "package.json": JSON.stringify(manifest),
    "README.md": `# ${name}\n${markers.join("\n")}\nBy hand.\n`,
    "src/server.ts": `export const server: object = ${JSON.stringify(definition)};`,
    "src/shared/core/config.ts": `export const standardVariables = {
      LOG_LEVEL: { schema: ${schema}, describe: "How much to log" } };`,
    "src/shared/core/variable-kind.ts": `export const variableKind = () => "text";`,
  };
}

function repository(...names: string[]) {
  const root = tempFolder({ "README.md": "<!-- generated:servers -->\n<!-- /generated -->\n" });
  names.forEach((name, index) => {
    writeFiles(join(root, "servers", name), serverFiles(name, 4000 + index));
  });
  const pathOf = (path: string) => join(root, "servers", path);
  async function run({ check = false, only = names } = {}) {
    const lines: string[] = [];
    const servers = findProjects(root).filter(({ kind }) => kind === "server");
    const chosen = servers.filter(({ name }) => only.includes(name));
    const write = (line: string) => lines.push(line);
    return { right: await generate({ root, servers, chosen, check, write }), lines };
  }
  return { root, pathOf, run };
}

const FILES = [
  "tools.lock.json",
  "README.md",
  ".env.example",
  "Dockerfile",
  ".dockerignore",
  "manifest.json",
  "server.json",
];

test("writes every file of a server and the table of servers, and then nothing", async () => {
  const { root, run, pathOf } = repository("wind-server");
  const first = await run();
  const written = FILES.map((file) => `written servers/wind-server/${file}`);
  expect(first).toEqual({ right: true, lines: [...written, "written README.md"] });
  expect(readFileSync(pathOf("wind-server/README.md"), "utf8")).toMatch(
    /^# wind-server\n<!-- generated:tools -->\n\n\| Tool .*By hand\.\n$/s,
  );
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain("| 4000 |");
  expect(await run()).toEqual({ right: true, lines: ["current wind-server", "current the root"] });
});

test("check names every stale file and writes none", async () => {
  const { run, pathOf } = repository("wind-server");
  const fresh = await run({ check: true });
  expect(fresh.right).toBe(false);
  expect(fresh.lines).toHaveLength(FILES.length + 1);
  expect(existsSync(pathOf("wind-server/Dockerfile"))).toBe(false);
  await run();
  expect((await run({ check: true })).right).toBe(true);
  writeFileSync(pathOf("wind-server/Dockerfile"), "FROM scratch\n");
  rmSync(pathOf("wind-server/server.json"));
  expect(await run({ check: true })).toEqual({
    right: false,
    lines: [
      "STALE   servers/wind-server/Dockerfile: run pnpm generate",
      "STALE   servers/wind-server/server.json: run pnpm generate",
      "current the root",
    ],
  });
  expect(readFileSync(pathOf("wind-server/Dockerfile"), "utf8")).toBe("FROM scratch\n");
});

test("removes the file of a target that the server no longer has", async () => {
  const { run, pathOf } = repository("wind-server");
  await run();
  const file = pathOf("wind-server/deploy/fly.toml");
  writeFiles(pathOf("wind-server"), { "deploy/fly.toml": "app = 'wind'\n" });
  const stale = "STALE   servers/wind-server/deploy/fly.toml: run pnpm generate";
  expect(await run({ check: true })).toMatchObject({
    right: false,
    lines: expect.arrayContaining([stale]),
  });
  expect(existsSync(file)).toBe(true);
  expect((await run()).lines[0]).toBe("removed servers/wind-server/deploy/fly.toml");
  expect(existsSync(file)).toBe(false);
});

test("a server that breaks a rule is one failure; the others are written", async () => {
  const { run, pathOf } = repository("bad-server", "good-server");
  writeFiles(pathOf("bad-server"), { "README.md": "# No markers\n" });
  const { right, lines } = await run();
  expect(right).toBe(false);
  expect(lines[0]).toContain("FAILED  bad-server  README.md: add these lines");
  expect(existsSync(pathOf("bad-server/tools.lock.json"))).toBe(false);
  expect(existsSync(pathOf("good-server/tools.lock.json"))).toBe(true);
});

test("a server that does not load keeps the table of servers as it is", async () => {
  const { root, run, pathOf } = repository("bad-server", "good-server");
  await run();
  const table = readFileSync(join(root, "README.md"), "utf8");
  const broken = repository("bad-server", "good-server");
  writeFiles(broken.root, { "README.md": table });
  writeFiles(broken.pathOf("bad-server"), { "src/server.ts": `throw new Error("no such luck");` });
  expect(await broken.run()).toMatchObject({ right: false });
  expect(readFileSync(join(broken.root, "README.md"), "utf8")).toBe(table);
  const other = await broken.run({ only: ["good-server"] });
  expect(other).toEqual({ right: true, lines: ["current good-server"] });
  expect(existsSync(pathOf("bad-server/tools.lock.json"))).toBe(true);
});

test.each([
  [
    "src/server.ts does not load: no such luck",
    "src/server.ts",
    `throw new Error("no such luck");`,
  ],
  ['exports no "server" of contract 1', "src/server.ts", "export const server = {};"],
  [
    "package.json calls it other",
    "src/server.ts",
    `export const server = { contract: 1, name: "other" };`,
  ],
  ["repository must be a JSON object", "package.json", "{}"],
  ['src/config.ts exports no "config"', "src/config.ts", "export const other = {};"],
  [
    "X has no schema or no describe",
    "src/config.ts",
    "export const config = { variables: { X: 1 } };",
  ],
])("says what is wrong: %s", async (message, file, text) => {
  const { root, pathOf } = repository("wind-server");
  writeFiles(pathOf("wind-server"), { [file]: text });
  const [project] = findProjects(root);
  if (!project) throw new Error("There is no project");
  await expect(loadFacts(project)).rejects.toThrow(message);
});

test("reads variables as our own schemas describe them", () => {
  const { variables } = defineConfig({
    API_KEY: {
      schema: standardVariables.HOST.schema,
      describe: "Key",
      secret: true,
      from: "there",
    },
    LIMIT: { schema: integer(100, 500).default(250), describe: "Limit" },
    PLACES: { schema: list().default(["a", "b"]), describe: "Places" },
    FEATURE_X: { schema: flag().default(false), describe: "X", profiles: { staging: "true" } },
    MUST: { schema: integer(1, 2), describe: "Must" },
  });
  const kindOf = (schema: unknown) => variableKind(schema as never);
  const found = readVariables(variables, standardVariables, kindOf);
  expect(found.slice(0, 5)).toMatchObject([
    { name: "API_KEY", secret: true, from: "there", type: "string", required: false },
    { name: "LIMIT", default: "250", type: "number", kind: { min: 100, max: 500 } },
    { name: "PLACES", default: "a,b", type: "string" },
    { name: "FEATURE_X", default: "false", type: "boolean", profiles: { staging: "true" } },
    { name: "MUST", required: true, type: "number" },
  ]);
  expect(found[0]).not.toHaveProperty("default");
  expect(found.slice(5).every(({ standard }) => standard)).toBe(true);
  expect(found.find(({ name }) => name === "ENVIRONMENT")).toMatchObject({
    choices: ["development", "staging", "production"],
    kind: ["development", "staging", "production"],
  });
});

test("what takes false for true is no flag", () => {
  const safeParse = (value: unknown) => ({ success: true, data: value && Boolean(value) });
  const variables = { ODD: { schema: { safeParse, toJSONSchema: () => ({}) }, describe: "Odd" } };
  expect(readVariables(variables, {}, () => "text")).toMatchObject([{ type: "string" }]);
});

test("a default that cannot be written down is an error", () => {
  const schema = { safeParse: () => ({ success: true, data: { a: 1 } }), toJSONSchema: () => ({}) };
  const variables = { ODD: { schema, describe: "Odd" } };
  expect(() => readVariables(variables, {}, () => "text")).toThrow("the default of ODD");
});

test("the command fails with the usage on a server it does not know", () => {
  const tsx = pathToFileURL(join(repositoryRoot, "node_modules/tsx/dist/loader.mjs")).href;
  const script = join(repositoryRoot, "scripts", "generate.ts");
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ["--import", tsx, script, ...args], {
      encoding: "utf8",
      stdio: "pipe",
    });
  expect(run("--help")).toContain("Usage: pnpm generate");
  expect(() => run("no-such-server")).toThrow(/Unknown project: no-such-server/);
});
