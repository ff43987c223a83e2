import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { httpChannel } from "./shared/testing/channels.ts";
import { CLIENTS, connect } from "./shared/testing/clients.ts";
import { ERAS } from "./shared/testing/messages.ts";
import { type Address, describeAtEachAddress, startAddress } from "./support/address.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { startFixtures, startWith, textOf } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const call = (name: string, input: object = {}) => ({ name, arguments: input });
const names = (answer: object, list: string): string[] => {
  const { result } = answer as { result: Record<string, { name: string; uri?: string }[]> };
  return (result[list] ?? []).map(({ name, uri }) => uri ?? name);
};

describeAtEachAddress((replicas) => {
  let root: string;
  let gateway: Address;
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "gateway-routing-")));
    const entry = async (name: string) => ({
      package: await writeServer(root, `${name}-server`),
      env: { VALUE: `of ${name}` },
    });
    const config = await writeConfig(root, {
      beta: await entry("beta"),
      alpha: await entry("alpha"),
    });
    gateway = await startAddress(config, replicas);
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    await rm(root, { recursive: true, force: true });
  });

  describe.each(ERAS)("requests of the %s era", (era) => {
    it("reach one server under its name, and all under one address", async () => {
      const own = await gateway.rpc("alpha", era, "tools/call", call("echo", { a: 1 }));
      expect(JSON.parse(textOf(own))).toMatchObject({ input: { a: 1 }, value: "of alpha" });
      const all = await gateway.rpc("", era, "tools/call", call("alpha__echo", { a: 2 }));
      expect(JSON.parse(textOf(all))).toMatchObject({ input: { a: 2 }, value: "of alpha" });
      const other = await gateway.rpc("", era, "tools/call", call("beta__echo"));
      expect(JSON.parse(textOf(other))).toMatchObject({ value: "of beta" });
    });

    it("list tools, prompts and resources by server and name", async () => {
      const tools = names(await gateway.rpc("", era, "tools/list"), "tools");
      expect(tools).toEqual([...tools].sort());
      expect(tools).toContain("alpha__echo");
      expect(tools).toContain("beta__slow");
      const prompts = names(await gateway.rpc("", era, "prompts/list"), "prompts");
      expect(prompts).toEqual(["alpha__hello", "beta__hello"]);
      const resources = names(await gateway.rpc("", era, "resources/list"), "resources");
      expect(resources).toEqual(["health://status", "alpha+note://one", "beta+note://one"]);
    });

    it("find the server of a prompt, of a resource and of a reference", async () => {
      const prompt = await gateway.rpc("", era, "prompts/get", { name: "alpha__hello" });
      expect(JSON.stringify(prompt)).toContain("prompt hello");
      const read = await gateway.rpc("", era, "resources/read", { uri: "alpha+note://two" });
      expect(read.result).toMatchObject({
        contents: [{ uri: "alpha+note://two", text: "text of note://two" }],
      });
      const completed = await gateway.rpc("", era, "completion/complete", {
        ref: { type: "ref/prompt", name: "alpha__hello" },
        argument: { name: "x", value: "" },
      });
      expect(JSON.stringify(completed)).toContain('"values":["hello"]');
    });

    it("get links that lead through the gateway, and pages of the web as they are", async () => {
      const { result } = await gateway.rpc("", era, "tools/call", call("alpha__link"));
      const { content } = result as { content: { uri: string }[] };
      expect(content.map(({ uri }) => uri)).toEqual(["alpha+note://one", "https://example.com/"]);
    });

    it("are refused for what no server has", async () => {
      for (const name of ["echo", "gamma__echo", "__echo", "alpha__nothing", "alpha_echo"]) {
        const { error } = await gateway.rpc("", era, "tools/call", call(name));
        expect(error, name).toMatchObject({ code: -32602 });
      }
      const { error } = await gateway.rpc("", era, "resources/read", { uri: "note://one" });
      expect(error).toBeDefined();
    });
  });

  it("a question of a server, and the answer to it, pass unchanged", async () => {
    const params = {
      ...call("alpha__ask"),
      _meta: { "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } },
    };
    const asked = await gateway.rpc("", "modern", "tools/call", params);
    expect(asked.result).toMatchObject({ resultType: "input_required", requestState: "sealed" });
    const inputResponses = { name: { action: "accept", content: { name: "Ada" } } };
    const answered = await gateway.rpc("", "modern", "tools/call", {
      ...params,
      inputResponses,
      requestState: "sealed",
    });
    expect(JSON.parse(textOf(answered))).toEqual({ inputResponses, requestState: "sealed" });
  });

  it("all servers are introduced in a line each, and one server as itself", async () => {
    const initialize = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    };
    const all = await gateway.rpc("", "legacy", "initialize", initialize);
    expect(all.result).toMatchObject({ serverInfo: { name: "gateway", title: "Gateway" } });
    const { instructions } = all.result as { instructions: string };
    expect(instructions.split("\n").slice(1)).toEqual([
      "- alpha: First line.",
      "- beta: First line.",
    ]);
    const one = await gateway.rpc("alpha", "legacy", "initialize", initialize);
    expect(one.result).toMatchObject({ serverInfo: { name: "fixture-server", version: "1.2.3" } });
  });

  describe.each(CLIENTS)("$name", (kind) => {
    it("lists, calls, hears of progress and reads, at both addresses", async () => {
      for (const [path, prefix] of [
        ["/mcp", "alpha__"],
        ["/alpha/mcp", ""],
      ] as const) {
        const client = await connect(kind, httpChannel(new URL(path, gateway.url).href));
        const tools = (await client.listTools()) as { name: string }[];
        expect(tools.map(({ name }) => name)).toContain(`${prefix}echo`);
        const seen: unknown[] = [];
        const onprogress = (progress: unknown) => void seen.push(progress);
        await client.callTool(`${prefix}report`, {}, { onprogress });
        expect(seen).toEqual([{ progress: 1, total: 2, message: "half" }]);
        const uri = prefix === "" ? "note://one" : "alpha+note://one";
        expect(await client.read(uri)).toBe("text of note://one");
        await client.close();
      }
    });
  });
});

it("both addresses of one gateway lead to the same server", async () => {
  const gateway = await startFixtures("alpha", "beta");
  const count = async (server: string, name: string) =>
    JSON.parse(textOf(await gateway.rpc(server, "modern", "tools/call", call(name)))).calls;
  expect(await count("alpha", "echo")).toBe(1);
  expect(await count("", "alpha__echo")).toBe(2);
  expect(await count("", "beta__echo")).toBe(1);
});

it("a tool that a server adds while it runs is shown", async () => {
  const gateway = await startFixtures("alpha");
  await gateway.rpc("", "modern", "tools/list");
  await gateway.rpc("", "modern", "tools/call", call("alpha__change"));
  for (const era of ERAS) {
    expect(names(await gateway.rpc("", era, "tools/list"), "tools")).toContain("alpha__extra");
    expect(names(await gateway.rpc("alpha", era, "tools/list"), "tools")).toContain("extra");
  }
  expect(textOf(await gateway.rpc("", "modern", "tools/call", call("alpha__extra")))).toBe("extra");
});

const FIXTURE = JSON.stringify(new URL("./fixtures/server.js", import.meta.url).href);
/** A server whose URIs have a scheme of their own, and which says who it is. */
const withScheme = (scheme: string) => `import { server as fixture } from ${FIXTURE};
const own = (uri) => ({ uri, uriTemplate: uri, name: "any", title: "Any", description: "Any" });
export const server = {
  ...fixture,
  open: async (options) =>
    Object.assign(await fixture.open(options), {
      resources: [own("${scheme}://one")],
      resourceTemplates: [own("${scheme}://{name}")],
      read: async (uri) => ({ result: { contents: [{ uri, text: "${scheme} has " + uri }] } }),
      complete: async () => ({ result: { completion: { values: ["${scheme}"] } } }),
    }),
};`;

it("what several servers without a prefix list is read of the one that lists it", async () => {
  const root = await testFolder();
  const entry = async (scheme: string) => ({
    package: await writeServer(root, scheme, withScheme(scheme)),
    prefix: "",
  });
  const gateway = await startWith(
    await writeConfig(root, { first: await entry("one"), second: await entry("two") }),
  );
  await gateway.ready();
  for (const scheme of ["one", "two"]) {
    for (const uri of [`${scheme}://one`, `${scheme}://that/no/list/has`]) {
      const read = await gateway.rpc("", "modern", "resources/read", { uri });
      expect(read.result).toMatchObject({ contents: [{ text: `${scheme} has ${uri}` }] });
    }
    const ref = { type: "ref/resource", uri: `${scheme}://{name}` };
    const argument = { name: "name", value: "" };
    const completed = await gateway.rpc("", "modern", "completion/complete", { ref, argument });
    expect(completed.result).toMatchObject({ completion: { values: [scheme] } });
  }
});
