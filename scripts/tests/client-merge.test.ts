import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { clientConfig } from "../lib/clients/command.ts";
import { readConfigFile, writeConfigFile } from "../lib/clients/config-file.ts";
import { isOfServer } from "../lib/clients/entry.ts";
import { builtServer } from "./support/built-server.ts";
import { readAsClient } from "./support/client-reader.ts";
import { tempFolder } from "./support/temp-folder.ts";

const posix = process.platform !== "win32";

function write(client: string, file: string, more = {}) {
  const lines: string[] = [];
  clientConfig({
    client,
    servers: [builtServer()],
    write: true,
    file,
    replace: false,
    npx: true,
    windows: false,
    env: [],
    print: () => {},
    tell: (line) => lines.push(line),
    ...more,
  });
  return lines.join("\n");
}

function fileWith(text: string): string {
  return join(tempFolder({ config: text }), "config");
}

/** What was there, line by line, in its order, in what is there now. */
function expectKept(before: string, after: string, except: RegExp = /(?!)/) {
  let at = 0;
  const now = after.split("\n");
  for (const line of before.split("\n").filter((one) => !except.test(one))) {
    // the comma that a further member needs
    const found = now.findIndex(
      (one, index) => index >= at && (one === line || one === `${line},`),
    );
    expect(found, line).toBeGreaterThanOrEqual(at);
    at = found + 1;
  }
}

const settings = `// my settings
{
\t"theme" :   "dark",  /* at night */
\t"context_servers": {
\t\t// the one I like
\t\t"docs": {"command":"npx",   "args":["-y", "docs"]},
\t},
\t"odd":[1,2,
   3],   // three
}
`;

test("adds to JSON with comments, tabs and trailing commas, and changes nothing else", () => {
  const file = fileWith(settings);
  write("zed", file);
  const after = readFileSync(file, "utf8");
  expectKept(settings, after);
  expect(after).toContain('\t\t"wind": {\n\t\t\t"command": "npx"');
  expect(readAsClient("zed", file, "docs", {}).args).toEqual(["-y", "docs"]);
  expect(readAsClient("zed", file, "wind", {}).args).toEqual(["-y", "wind-server@1.2.3"]);
});

const toml = `# my Codex
model = "gpt-5"   # the large one

[mcp_servers.docs]  # theirs
command = 'npx'
args = [
  "-y",   # yes
]

[mcp_servers.wind]
command = "node"
args = ["/old/wind-server/dist/stdio.cjs"]
startup_timeout_sec = 20  # it was slow

[mcp_servers.wind.env]
WIND_UNIT = "knots"

[tui]
text = """
[mcp_servers.wind]
"""
since = 2026-01-02
`;

test("changes a table of TOML in its place; comments and the tables around it stay", () => {
  const file = fileWith(toml);
  write("codex", file);
  const after = readFileSync(file, "utf8");
  expectKept(toml, after, /^(command = "node"|args = \["\/old)/);
  const launch = readAsClient("codex", file, "wind", {});
  expect(launch).toMatchObject({ command: "npx", env: { WIND_UNIT: "knots" } });
  expect(after).toContain("startup_timeout_sec = 20  # it was slow");
});

test.each([
  ["nothing", ""],
  ["one comment", "# mine\n"],
  ["no end of line", 'model = "x"'],
  ["CRLF", "a = 1\r\n\r\n[b]\r\nc = 2\r\n"],
  ["an inline table", 'mcp_servers = { docs = { command = "x" } }\n'],
  ["dotted keys", '[mcp_servers]\ndocs.command = "x" # c\n\n[z]\nq = 1\n'],
])("adds a table to TOML with %s", (_, text) => {
  const file = fileWith(text);
  write("codex", file);
  expect(readAsClient("codex", file, "wind", {}).command).toBe("npx");
  const after = readFileSync(file, "utf8");
  if (!text.includes("{")) expect(after.startsWith(text.trimEnd())).toBe(true);
  if (text.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
});

test.each([
  ["an empty file", "", "  "],
  ["an object", "{}", "  "],
  ["a mark of its encoding and CRLF", '\uFEFF{\r\n    "a": 1\r\n}\r\n', "    "],
])("adds to %s", (_, text, indent) => {
  const file = fileWith(text);
  write("cursor", file);
  const after = readFileSync(file, "utf8");
  expect(readAsClient("cursor", file, "wind", {}).command).toBe("npx");
  expect(after).toContain(`\n${indent}"mcpServers": {`);
  if (text.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
  expect(after.startsWith("\uFEFF")).toBe(text.startsWith("\uFEFF"));
});

test("updates its own entry and leaves in it what the user added", () => {
  const own = `{ "mcpServers": { "wind": {
    "url": "http://127.0.0.1:1/wind/mcp", // for now
    "disabled": true, "alwaysAllow": ["first_tool"], // I trust it
    "env": { "MINE": "1", "WIND_UNIT": "old" }
  } } }`;
  const file = fileWith(own);
  write("cursor", file, { env: ["WIND_UNIT=new"] });
  const { url, env, ...entry } = readAsClient("cursor", file, "wind", {});
  expect(url).toBeUndefined();
  expect(env).toEqual({ MINE: "1", WIND_UNIT: "new" });
  expect(entry).toMatchObject({ command: "npx", disabled: true, alwaysAllow: ["first_tool"] });
  expect(readFileSync(file, "utf8")).toContain("// I trust it");
});

test("writes the same again without touching the file", () => {
  for (const client of ["codex", "vscode"]) {
    const file = fileWith("");
    write(client, file, { env: ["WIND_KEY"] });
    const before = statSync(file, { bigint: true });
    expect(write(client, file, { env: ["WIND_KEY"] })).toContain(`current ${file}`);
    expect(statSync(file, { bigint: true })).toMatchObject({
      ino: before.ino,
      mtimeNs: before.mtimeNs,
    });
  }
});

test.each([
  [
    "broken JSON",
    "cursor",
    '{ "mcpServers": {\n  "a": }',
    "it is not JSON: ValueExpected on line 2",
  ],
  ["a list", "cursor", "[]", "it does not hold an object"],
  ["servers that are none", "cursor", '{ "mcpServers": [] }', '"mcpServers" is not an object'],
  [
    "a key twice",
    "cursor",
    '{ "mcpServers": {}, "mcpServers": {} }',
    '"mcpServers" is there twice',
  ],
  ["broken TOML", "codex", "a = \n", "it is not TOML"],
  ["another server of the name", "cursor", '{"mcpServers":{"wind":{"command":"x"}}}', "--replace"],
  ["another server of the name", "codex", '[mcp_servers.wind]\ncommand = "x"\n', "--replace"],
])("refuses %s for %s and leaves the file as it was", (_, client, text, message) => {
  const file = fileWith(text);
  expect(() => write(client, file)).toThrow(message);
  expect(() => write(client, file)).toThrow(`${file} is left as it was`);
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(readdirSync(dirname(file))).toEqual(["config"]);
});

const own = { name: "math", server: "math-server" };
const overStdio = { ...own, kind: "stdio" as const, command: "npx", args: [], env: [] };
const overHttp = { ...own, kind: "http" as const, url: "https://mcp.example.com/math/mcp" };

test.each([
  [{ command: "node", args: ["/home/ada/flotilla/servers/math-server/dist/stdio.cjs"] }, true],
  [{ command: "node", args: ["C:\\flotilla\\servers\\math-server\\dist\\stdio.cjs"] }, true],
  [{ command: "npx", args: ["-y", "math-server@0.1.0"] }, true],
  [{ url: "http://127.0.0.1:8000/math/mcp" }, true],
  [{ url: "https://acme.example/math/mcp", headers: { authorization: "Bearer k" } }, false],
  [{ command: "/opt/acme/my-math-server-pro" }, false],
  [{ command: "npx", args: ["-y", "@acme/math-server@1.0.0"] }, false],
])("knows whose entry it is by its file, its package or its address: %j", (entry, isOurs) => {
  expect(isOfServer(entry, overStdio)).toBe(isOurs);
});

test("takes an address for ours by its host", () => {
  expect(isOfServer({ url: "https://mcp.example.com/math/mcp" }, overHttp)).toBe(true);
  expect(isOfServer({ serverUrl: "https://mcp.example.com/mcp" }, overHttp)).toBe(true);
  expect(isOfServer({ url: "https://acme.example/math/mcp" }, overHttp)).toBe(false);
  expect(isOfServer({ url: "https://mcp.example.com/other/mcp" }, overHttp)).toBe(false);
});

test("takes another server's place when told to", () => {
  const file = fileWith('{"mcpServers":{"wind":{"command":"x","cwd":"/x"}}}');
  write("cursor", file, { replace: true });
  expect(readAsClient("cursor", file, "wind", {})).toMatchObject({ command: "npx" });
  expect(readFileSync(file, "utf8")).not.toContain("cwd");
});

test("refuses text that is not UTF-8", () => {
  const file = fileWith("");
  writeFileSync(file, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
  expect(() => write("cursor", file)).toThrow("it is not UTF-8 text");
});

test("keeps a copy of each version, the mode of the file, and a link to it", () => {
  const file = fileWith("{}");
  const link = join(tempFolder(), "link");
  symlinkSync(file, link);
  chmodSync(file, 0o640);
  expect(write("cursor", link)).toContain("what was there is in");
  write("cursor", link, { env: ["WIND_UNIT=x"] });
  const copies = readdirSync(dirname(file)).filter((name) => name.endsWith(".bak"));
  expect(copies).toHaveLength(2);
  const texts = copies.map((name) => readFileSync(join(dirname(file), name), "utf8"));
  expect(texts).toContain("{}");
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  if (posix) expect(statSync(file).mode & 0o777).toBe(0o640);
});

test("a new file is its owner's alone", () => {
  const file = join(tempFolder(), "new", "config");
  write("cursor", file);
  expect(existsSync(file)).toBe(true);
  if (posix) expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("does not write over what another program wrote meanwhile", () => {
  const file = fileWith("{}");
  const read = readConfigFile(file);
  writeFileSync(file, '{"a":1}');
  expect(() => writeConfigFile(read, "{}")).toThrow("changed meanwhile");
  expect(readFileSync(file, "utf8")).toBe('{"a":1}');
});
