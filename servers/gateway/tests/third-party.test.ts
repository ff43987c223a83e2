import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { ERAS } from "./shared/testing/messages.ts";
import { startWith, type TestGateway, textOf } from "./support/gateway.ts";

const PACKAGES = ["server-everything", "server-filesystem", "server-memory"];
const areThere = PACKAGES.every((name) =>
  existsSync(join("node_modules/@modelcontextprotocol", name, "package.json")),
);

describe.skipIf(!areThere)("a file of Claude Desktop with three servers from npm", () => {
  let root: string;
  let gateway: TestGateway;

  beforeAll(async () => {
    await ensureBuilt();
    root = await realpath(await mkdtemp(join(tmpdir(), "gateway-npm-")));
    await writeFile(join(root, "note.txt"), "a note");
    const npx = (name: string, ...args: string[]) => ({
      command: "npx",
      args: ["-y", `@modelcontextprotocol/${name}`, ...args],
    });
    const file = join(root, "claude_desktop_config.json");
    const config = {
      globalShortcut: "",
      mcpServers: {
        everything: npx("server-everything"),
        filesystem: npx("server-filesystem", root),
        Memory: {
          ...npx("server-memory"),
          env: { MEMORY_FILE_PATH: join(root, "memory.json") },
        },
      },
    };
    await writeFile(file, JSON.stringify(config));
    // npx is not to ask the registry for what is here
    gateway = await startWith(file, { HOME: root });
    for (const name of ["everything", "filesystem", "memory"])
      await gateway.stdout.find((line) => line.startsWith(`ready      ${name} `), name);
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(ERAS)("starts unchanged: each answers at its own address (%s)", async (era) => {
    const echo = { name: "echo", arguments: { message: "hi" } };
    expect(textOf(await gateway.rpc("everything", era, "tools/call", echo))).toContain("hi");
    const read = { name: "read_text_file", arguments: { path: join(root, "note.txt") } };
    expect(textOf(await gateway.rpc("filesystem", era, "tools/call", read))).toBe("a note");
    const graph = { name: "read_graph", arguments: {} };
    expect(textOf(await gateway.rpc("memory", era, "tools/call", graph))).toContain("entities");
  });

  it.each(ERAS)("answers as one server (%s)", async (era) => {
    const { tools } = (await gateway.rpc("", era, "tools/list")).result as {
      tools: { name: string }[];
    };
    const servers = new Set(tools.map(({ name }) => name.split("__")[0]));
    expect([...servers]).toEqual(["everything", "filesystem", "memory"]);
    const entities = [{ name: "Ada", entityType: "person", observations: [era] }];
    const create = { name: "memory__create_entities", arguments: { entities } };
    expect((await gateway.rpc("", era, "tools/call", create)).result).not.toHaveProperty("isError");
    const { resources } = (await gateway.rpc("", era, "resources/list")).result as {
      resources: { uri: string }[];
    };
    const [first] = resources.filter(({ uri }) => uri.startsWith("everything+"));
    const read = await gateway.rpc("", era, "resources/read", { uri: first?.uri ?? "" });
    expect(read.result).toMatchObject({ contents: [{ uri: first?.uri }] });
  });

  it("answers over REST, as its OpenAPI document says", async () => {
    const answer = await fetch(new URL("/filesystem/tools/list_directory", gateway.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ path: root }),
    });
    expect([answer.status, JSON.stringify(await answer.json())]).toEqual([
      200,
      expect.stringContaining("note.txt"),
    ]);
    const document = JSON.parse((await gateway.ask("/openapi.json")).body);
    expect(document.paths).toHaveProperty(["/everything/tools/echo", "post"]);
    const { valid, errors } = await new Validator().validate(document);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });
});
