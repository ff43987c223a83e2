import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderFileSchema } from "../src/settings/file-schema.ts";
import { siblingServers, specsOfFolders } from "../src/settings/folders.ts";
import { RESERVED_NAMES } from "../src/settings/names.ts";
import { readGatewayFile } from "../src/settings/read.ts";
import { LIMITS } from "../src/settings/schema.ts";
import { COMMAND_START_TIMEOUT_MS, DEFAULTS } from "../src/settings/spec.ts";
import { MAX_FILE_BYTES } from "../src/settings/substitute.ts";
import { testFolder, writeServer } from "./support/folders.ts";

async function read(text: string, env: Record<string, string> = {}) {
  const root = await testFolder();
  const file = join(root, "gateway.json");
  await writeFile(file, text);
  return {
    root,
    read: () => readGatewayFile(file, env).mounts,
    all: () => readGatewayFile(file, env),
  };
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
        ...DEFAULTS,
        required: true,
        isolation: "inprocess",
        prefix: "greet",
        tools: { deny: [] },
        credentials: [],
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
      { kind: "command", name: "local", args: ["a.js"], cwd: join(root, "sub") },
      { kind: "remote", name: "far", headers: { "x-key": "k" } },
    ]);
  });

  it("gives a command longer to start than a package, because it may be one that installs", async () => {
    const { read: parse } = await read(
      JSON.stringify({
        mcpServers: {
          a: { command: "npx" },
          b: { package: "x" },
          c: { command: "npx", startTimeoutMs: 100 },
        },
      }),
    );
    const timeouts = parse().map(({ startTimeoutMs }) => startTimeoutMs);
    expect(timeouts).toEqual([COMMAND_START_TIMEOUT_MS, DEFAULTS.startTimeoutMs, 100]);
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
      ä: { package: "x" },
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
      expect.stringMatching(/^mcpServers\.ä: "ä" is no name for a server/),
      expect.stringMatching(/^mcpServers\.docs: "docs" is a path of the gateway itself/),
      "mcpServers.both: needs one of package, command, url, and has package and url",
      "mcpServers.neither: needs one of package, command, url, and has none",
      "mcpServers.text: expected an object",
      expect.stringMatching(/^mcpServers\.typos\.package: /),
      "mcpServers.typos.env.BAD-NAME: is no name for a variable",
      expect.stringMatching(/^mcpServers\.typos\.env\.NUMBER: .*expected string/),
      expect.stringMatching(/^mcpServers\.typos\.startTimeoutMs: /),
      expect.stringMatching(
        /^mcpServers\.typos\.requierd: is not known here; there are .*required/,
      ),
      "mcpServers.far.url: expected an http or https URL",
    ]);
  });

  it("is refused with keys of its own that are not known", async () => {
    const { read: parse } = await read('{ "mcpServers": {}, "gatway": {} }');
    expect(parse).toThrow(
      "gatway: is not known here; there are $schema, mcpServers, servers, gateway",
    );
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
      "mcpServers.a.env.A: ${cmd:ls} is not known here; only ${env:NAME} and ${file:path} are replaced",
    ]);
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the file's own syntax
  });

  it("takes the text of a file for a value, without its last newline", async () => {
    const root = await testFolder();
    await writeFile(join(root, "key"), "from a file\n");
    await writeFile(join(root, "most"), "x".repeat(MAX_FILE_BYTES));
    await writeFile(join(root, "more"), "x".repeat(MAX_FILE_BYTES + 1));
    const from = (name: string) =>
      faultsOf({ a: { package: "x", env: { A: `\${file:${join(root, name)}}` } } });
    expect(await from("most")).toEqual([]);
    expect(await from("more")).toEqual([expect.stringContaining("is larger than 65536 bytes")]);
    expect(await from("none")).toEqual([expect.stringContaining("none cannot be read: ENOENT")]);
    const file = join(root, "gateway.json");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the file's own syntax
    const entry = { url: "https://example.com", headers: { a: "Bearer ${file:key}" } };
    await writeFile(file, JSON.stringify({ mcpServers: { a: entry } }));
    expect(readGatewayFile(file, {}).mounts).toMatchObject([
      { headers: { a: "Bearer from a file" } },
    ]);
  });

  it.each(Object.entries(LIMITS))("bounds %s", async (name, { min, max }) => {
    const faults = (value: number) => faultsOf({ a: { package: "x", [name]: value } });
    expect(await faults(min)).toEqual([]);
    expect(await faults(max)).toEqual([]);
    expect(await faults(min - 1)).toHaveLength(1);
    expect(await faults(max + 1)).toHaveLength(1);
  });

  it("takes the file of Claude Desktop as it is", async () => {
    const { read: parse } = await read(
      JSON.stringify({
        globalShortcut: "",
        mcpServers: {
          "GitHub Issues": { command: "npx", args: ["-y", "x"], env: { TOKEN: "t" } },
          brave_search: { command: "npx", disabled: true, autoApprove: [] },
        },
      }),
    );
    expect(parse()).toMatchObject([{ kind: "command", name: "github-issues" }]);
  });

  it("takes the file of VS Code as it is", async () => {
    const { read: parse } = await read(
      '{ "inputs": [], "servers": { "a": { "type": "http", "url": "https://example.com/mcp" } } }',
    );
    expect(parse()).toMatchObject([{ kind: "remote", name: "a" }]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the file's own syntax
    const asking = { a: { url: "https://example.com", headers: { k: "${input:key}" } } };
    expect(await faultsOf(asking)).toEqual([expect.stringContaining("{input:key} is not known")]);
  });

  it("has no two servers of one name or prefix", async () => {
    const entry = { package: "x" };
    expect(await faultsOf({ "a b": entry, a_b: entry })).toEqual([
      'mcpServers.a_b: "a-b" is that of mcpServers.a b already',
    ]);
    const same = { ...entry, prefix: "x" };
    expect(await faultsOf({ a: same, b: same })).toEqual([
      'mcpServers.b.prefix: "x" is that of mcpServers.a already',
    ]);
  });

  it("has as many servers without a prefix as there are", async () => {
    const plain = { package: "x", prefix: "" };
    expect(await faultsOf({ a: plain, b: plain })).toEqual([]);
  });

  it("warns of servers that profiles and limits name and that are not there", async () => {
    const { all } = await read(
      JSON.stringify({
        mcpServers: {
          "Git Hub": { package: "x" },
          off: { package: "y", enabled: false },
        },
        gateway: {
          profiles: {
            a: {
              servers: ["gitub", "git-hub", "soon-*"],
              tools: { allow: ["off:x"], deny: ["gti:*", "*:x"] },
            },
          },
          limits: { tools: { "git-hub:*": { rate: 1 }, "git-hub-server:*": { rate: 1 } } },
        },
      }),
    );
    const known = "The servers are: git-hub, off";
    expect(all().warnings).toEqual([
      `gateway.profiles.a.servers: no server is called "gitub". ${known}`,
      `gateway.profiles.a.tools.deny "gti:*": no server is called "gti". ${known}`,
      `gateway.limits.tools "git-hub-server:*": no server is called "git-hub-server". ${known}`,
    ]);
  });

  it("names the faults of what may be false or a rule by their paths", async () => {
    const limits = {
      principal: { rate: "10" },
      address: 5,
      tool: {},
      tools: { "a:b": { rte: 1 } },
    };
    const { all } = await read(JSON.stringify({ mcpServers: {}, gateway: { limits } }));
    expect(all).toThrow(/has 5 faults/);
    expect(all).toThrow("gateway.limits.principal.rate: Invalid input: expected number");
    expect(all).toThrow("gateway.limits.address: Invalid input");
    expect(all).toThrow("gateway.limits.tool: is not known here");
    expect(all).toThrow("gateway.limits.tools.a:b.rate: Invalid input: expected number");
    expect(all).toThrow("gateway.limits.tools.a:b.rte: is not known here");
  });

  it("says what its profiles and own settings are, and where they are wrong", async () => {
    const { all } = await read(
      JSON.stringify({
        mcpServers: {},
        gateway: { profiles: { reading: { readOnly: true, servers: ["a*"] } } },
      }),
    );
    expect(all()).toMatchObject({ docs: true, profiles: [{ name: "reading", readOnly: true }] });
    const { all: wrong } = await read(
      JSON.stringify({
        mcpServers: {},
        gateway: {
          profiles: { A: { sarch: 1 }, b: { tools: { deny: ["files__*"] } } },
          publicUrl: "x",
        },
      }),
    );
    expect(wrong).toThrow(/profiles\.A\.sarch: is not known[\s\S]*publicUrl: expected an http/);
    expect(wrong).toThrow(/profiles\.b\.tools\.deny\.0: is no pattern such as server:tool/);
  });

  it("is described by the published schema", async () => {
    await expect(renderFileSchema()).toMatchFileSnapshot("../gateway.schema.json");
  });
});

describe("the name of a server", () => {
  it.each(["a", "0", "a-b", "a".repeat(32)])("may be %s", async (name) => {
    expect(await faultsOf({ [name]: { package: "x" } })).toEqual([]);
  });

  it.each([
    "ä",
    "",
    "-",
    "a".repeat(33),
    ...[...RESERVED_NAMES].filter((name) => !name.includes(".")),
  ])("may not be %s", async (name) => {
    expect(await faultsOf({ [name]: { package: "x" } })).toHaveLength(1);
  });

  it("is that of its folder; one that cannot have it is left out, and said to be", () => {
    const folders = ["greet-server", "bye-server", "greet", "docs-server", "Plain"];
    const { mounts, leftOut } = specsOfFolders(folders.map((name) => `/s/${name}`));
    expect(mounts.map(({ name }) => name)).toEqual(["bye", "greet"]);
    expect(leftOut).toHaveLength(3);
    expect(leftOut[0]).toMatch(/^\/s\/Plain: "Plain" is no name for a server.*in a gateway\.json$/);
    expect(leftOut[1]).toMatch(/^\/s\/docs-server: "docs" is a path/);
    expect(leftOut[2]).toMatch(/^\/s\/greet-server: "greet" is the name of \/s\/greet as well/);
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
