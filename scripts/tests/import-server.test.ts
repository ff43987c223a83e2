import { join } from "node:path";
import { expect, test } from "vitest";
import { copiedCode, packagesIn } from "../lib/import/copy-code.ts";
import { nameFor } from "../lib/import/import-server.ts";
import { readForeign } from "../lib/import/source.ts";
import { contractFaults, renderTodos, todosOf } from "../lib/import/todo.ts";
import { nameTools, renderTool } from "../lib/import/write-tool.ts";
import type { ListedTool } from "../lib/standalone/raw-client.ts";
import { newServer, oldServer } from "./support/foreign-servers.ts";
import { tempFolder } from "./support/temp-folder.ts";

const old = (more: Record<string, string> = {}) =>
  readForeign(tempFolder({ ...oldServer, ...more }));

test("finds the entry that the command is built from, and all that it imports", () => {
  const foreign = old({ "src/other.ts": "not imported" });
  expect(foreign).toMatchObject({
    sdk: "1.x",
    entry: "index.ts",
    licence: "MIT License\n",
    tests: 1,
  });
  expect(foreign.files.map(({ path }) => path)).toEqual(["index.ts", "lib.ts"]);
  expect([...packagesIn(foreign)]).toEqual(["@modelcontextprotocol/sdk", "zod"]);
  const other = readForeign(tempFolder(newServer));
  expect(other).toMatchObject({ sdk: "2.x", entry: "main.ts", licence: undefined });
});

test("copies files with imports that lead to files, and stdio to the bridge", () => {
  const code = copiedCode(
    old({
      "src/lib.ts":
        'export * from "./deep";\nimport data from "./data.json" with { type: "json" };',
      "src/deep/index.ts": "export type Tide = never; export const heightAt = 1;",
      "src/data.json": "{}",
    }),
  );
  const index = code.get(join("src/original", "index.ts"));
  expect(index).toMatch(
    /^\/\/ @ts-nocheck .*\n\nimport \{ McpServer \}|^\/\/ @ts-nocheck .*\nimport/,
  );
  expect(index).toContain('import { StdioServerTransport } from "#shared/bridge/stdio.ts";');
  expect(index).toContain('import { heightAt, Tide } from "./lib.ts";');
  expect(index).toContain('from "@modelcontextprotocol/sdk/server/mcp.js"');
  expect(code.get(join("src/original", "lib.ts"))).toContain('"./deep/index.ts"');
  expect(code.get(join("src/original", "data.json"))).toBe("{}");
});

test.each([
  ["no package", {}, "has no package.json"],
  ["no SDK", { "package.json": '{"bin":"dist/a.js"}', "src/a.ts": "" }, "depends on neither"],
  ["no entry", { "package.json": "{}" }, "give --entry"],
  [
    "an import that is missing",
    { ...newServer, "src/main.ts": 'import "./generated.js";' },
    'imports "./generated.js", which is not there',
  ],
])("refuses a folder with %s", (_, files, message) => {
  expect(() => readForeign(tempFolder(files))).toThrow(message);
});

test("names servers, files and constants", () => {
  expect(nameFor("@scope/server-memory")).toBe("memory-server");
  expect(nameFor("@brave/brave-search-mcp-server")).toBe("brave-search-server");
  expect(nameFor("tavily-mcp")).toBe("tavily-server");
  const names = ["createEntities", "get-tide_now", "getTideNow", "delete", "config", "2fa", "日"];
  expect(nameTools(names.map(toolNamed)).map(({ file, identifier }) => [file, identifier])).toEqual(
    [
      ["create-entities", "createEntitiesTool"],
      ["get-tide-now", "getTideNowTool"],
      ["get-tide-now-2", "getTideNowTool2"],
      ["delete", "deleteTool"],
      ["config", "configTool"],
      ["2fa", "_2faTool"],
      ["tool", "tool"],
    ],
  );
});

const toolNamed = (name: string) => ({ name, inputSchema: {} });
const rendered = (tool: ListedTool) => nameTools([tool]).map(renderTool).join("");

test("writes a tool as a definition, with the worst of what it does not state", () => {
  const inputSchema = {
    type: "object",
    properties: { a: { oneOf: [{ type: "string" }, { type: "number" }], description: 'An "a"' } },
    required: ["a"],
  };
  expect(rendered({ name: "set-tide", description: " Sets it ", inputSchema })).toBe(
    `import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { original } from "../original.ts";

export const setTideTool = defineTool({
  name: "set-tide",
  title: "Set tide",
  description: "Sets it",
  inputSchema: z.object({ "a": z.union([z.string(), z.number()]).describe("An \\"a\\"") }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  handler: (input, context) => original.call("set-tide", input, context),
});
`,
  );
  const reads = rendered({ name: "x", inputSchema: {}, annotations: { readOnlyHint: true } });
  expect(reads).toContain("{ readOnlyHint: true, idempotentHint: false, openWorldHint: true }");
  expect(reads).toContain("inputSchema: z.object({})");
});

test("lists what is left to do by hand, each with its place", () => {
  const lib = `${oldServer["src/lib.ts"]}export const zone = process.env.TIDE_ZONE;\n`;
  const foreign = old({ "src/lib.ts": lib });
  const tool = { name: "get-tide", annotations: { readOnlyHint: true } };
  const listing = { ...tool, title: "T", description: "x", inputSchema: { type: "object" } };
  const faults = contractFaults("tide-server", [listing]);
  const todos = todosOf(foreign, { tools: [tool], others: ["prompt plan"] }, faults);
  const text = renderTodos("tide-server", "tide 1", todos);
  for (const expected of [
    /## Ends the process.*`src\/original\/index\.ts:28` process\.exit/s,
    /## Writes to stdout.*index\.ts:28` console\.log\(/s,
    /## Reads the command line.*index\.ts:28` process\.argv/s,
    /## Reads the environment.*index\.ts:7` TIDE_UNIT\n- \[ \] .*index\.ts:8` TIDE_API_KEY/s,
    /- \[ \] `src\/original\/lib\.ts:4` TIDE_ZONE/,
    /## Not brought over.*- \[ \] prompt plan/s,
    /## Hints that were not stated.*get-tide: idempotentHint, openWorldHint/s,
    /get-tide name: is not snake_case/,
    /Its licence is in LICENSE; its package\.json says "MIT"/,
    /1 test files of its own were not brought over/,
  ])
    expect(text).toMatch(expected);
});
