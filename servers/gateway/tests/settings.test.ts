import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { siblingServers, specsOfFolders } from "../src/settings/folders.ts";
import { RESERVED_NAMES } from "../src/settings/names.ts";
import { readGatewayFile } from "../src/settings/read.ts";
import { MAX_START_TIMEOUT_MS, MIN_START_TIMEOUT_MS } from "../src/settings/schema.ts";
import { testFolder, writeServer } from "./support/folders.ts";

async function read(text: string, env: Record<string, string> = {}) {
  const root = await testFolder();
  const file = join(root, "gateway.json");
  await writeFile(file, text);
  return { root, read: () => readGatewayFile(file, env) };
}

/** The faults that a file has, each a line. */
async function faultsOf(mcpServers: unknown, env: Record<string, string> = {}): Promise<string[]> {
  const { read: parse } = await read(JSON.stringify({ mcpServers }), env);
  try {
    parse();
    return [];
  } catch (error) {
    return String(error)
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

describe("a gateway.json", () => {
  it("is JSON that may have comments and trailing commas", async () => {
    const { root, read: parse } = await read(`{
      // one server
      "$schema": "https://example.com/schema.json",
      "mcpServers": {
        "greet": { "package": "../greet-server", "env": { "A": "b" }, "required": true, }, /* last */
      },
    }`);
    expect(parse()).toEqual([
      {
        kind: "package",
        name: "greet",
        folder: join(root, "..", "greet-server"),
        env: { A: "b" },
        required: true,
        startTimeoutMs: 15_000,
      },
    ]);
  });

  it("takes the entries that other programs have", async () => {
    const { root, read: parse } = await read(
      JSON.stringify({
        mcpServers: {
          local: { type: "stdio", command: "node", args: ["a.js"], env: { A: "1" }, cwd: "sub" },
          far: { type: "http", url: "https://example.com/mcp", headers: { "x-key": "k" } },
          off: { command: "node", enabled: false },
        },
      }),
    );
    expect(parse()).toMatchObject([
      { kind: "process", name: "local", args: ["a.js"], cwd: join(root, "sub") },
      { kind: "remote", name: "far", headers: { "x-key": "k" } },
    ]);
  });

  it("tells where its text is wrong", async () => {
    const { read: parse } = await read('{\n  "mcpServers": {,}\n}');
    expect(parse).toThrow(/gateway\.json: .*2:18/);
  });

  it("has no key twice", async () => {
    const entry = '{ "package": "x" }';
    const { read: parse } = await read(`{ "mcpServers": {\n "a": ${entry},\n "a": ${entry} } }`);
    expect(parse).toThrow('line 3: "a" is given a second time');
  });

  it("names every fault at once, by its path", async () => {
    const faults = await faultsOf({
      Upper: { package: "x" },
      docs: { package: "x" },
      both: { package: "x", url: "https://example.com" },
      neither: {},
      text: "x",
      typos: {
        package: "",
        requierd: true,
        env: { "BAD-NAME": "x", NUMBER: 1 },
        startTimeoutMs: 1,
      },
      far: { url: "ftp://example.com" },
    });
    expect(faults).toEqual([
      expect.stringMatching(/^mcpServers\.Upper: "Upper" is no name for a server/),
      expect.stringMatching(/^mcpServers\.docs: "docs" is a path of the gateway itself/),
      "mcpServers.both: needs one of package, command, url, and has package and url",
      "mcpServers.neither: needs one of package, command, url, and has none",
      "mcpServers.text: expected an object",
      expect.stringMatching(/^mcpServers\.typos\.startTimeoutMs: /),
      expect.stringMatching(/^mcpServers\.typos\.package: /),
      "mcpServers.typos.env.BAD-NAME: is no name for a variable",
      expect.stringMatching(/^mcpServers\.typos\.env\.NUMBER: .*expected string/),
      expect.stringMatching(
        /^mcpServers\.typos\.requierd: is not known here; there are .*required/,
      ),
      "mcpServers.far.url: expected an http or https URL",
    ]);
  });

  it("is refused with keys of its own that are not known", async () => {
    const { read: parse } = await read('{ "mcpServers": {}, "gatway": {} }');
    expect(parse).toThrow("gatway: is not known here; there are $schema, mcpServers");
    const { read: empty } = await read("[]");
    expect(empty).toThrow("the file: ");
  });

  it("replaces variables in values, and says which are missing", async () => {
    const env = { TOKEN: "secret" };
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the file's own syntax
    const { read: parse } = await read(
      JSON.stringify({ mcpServers: { a: { package: "x", env: { A: "Bearer ${env:TOKEN}" } } } }),
      env,
    );
    expect(parse()).toMatchObject([{ env: { A: "Bearer secret" } }]);
    const faults = await faultsOf({
      a: { package: "${env:NONE}", env: { A: "${cmd:ls}", B: "${PLAIN}" } },
    });
    expect(faults).toEqual([
      "mcpServers.a.package: the environment has no variable NONE",
      "mcpServers.a.env.A: ${cmd:ls} is not known here; only ${env:NAME} is replaced",
    ]);
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the file's own syntax
  });

  it("bounds the time to start", async () => {
    const faults = (startTimeoutMs: number) => faultsOf({ a: { package: "x", startTimeoutMs } });
    expect(await faults(MIN_START_TIMEOUT_MS)).toEqual([]);
    expect(await faults(MAX_START_TIMEOUT_MS)).toEqual([]);
    expect(await faults(MIN_START_TIMEOUT_MS - 1)).toHaveLength(1);
    expect(await faults(MAX_START_TIMEOUT_MS + 1)).toHaveLength(1);
  });
});

describe("the name of a server", () => {
  it.each(["a", "0", "a-b", "a".repeat(32)])("may be %s", async (name) => {
    expect(await faultsOf({ [name]: { package: "x" } })).toEqual([]);
  });

  it.each(["-a", "a_b", "A", "a.b", "a b", "", "a".repeat(33), ...RESERVED_NAMES])(
    "may not be %s",
    async (name) => {
      expect(await faultsOf({ [name]: { package: "x" } })).toHaveLength(1);
    },
  );

  it("is that of its folder, unless two folders have it", async () => {
    const specs = specsOfFolders(["/s/greet-server", "/s/bye-server", "/s/plain"]);
    expect(specs.map(({ name }) => name)).toEqual(["bye", "greet", "plain"]);
    expect(() => specsOfFolders(["/s/greet-server", "/s/greet", "/s/docs-server"])).toThrow(
      /docs-server: "docs" is a path[\s\S]*greet-server: "greet" is the name of \/s\/greet as well/,
    );
  });
});

it("finds the servers beside it", async () => {
  const root = await testFolder();
  await writeServer(root, "one-server");
  await writeServer(root, "gateway");
  await mkdir(join(root, "notes"));
  await mkdir(join(root, "other"));
  await writeFile(join(root, "other", "package.json"), "{}");
  expect(siblingServers(join(root, "gateway"))).toEqual([join(root, "one-server")]);
});
