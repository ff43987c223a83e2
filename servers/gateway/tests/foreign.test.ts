import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder, writeConfig } from "./support/folders.ts";
import { FOREIGN_ERAS, type ForeignEra, foreignCommand, foreignRemote } from "./support/foreign.ts";
import { startWith, type TestGateway, textOf } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const WAYS = ["stdio", "http"] as const;
const CASES = WAYS.flatMap((way) => FOREIGN_ERAS.map((era) => [way, era] as const));

interface Mounted {
  gateway: TestGateway;
  stop(): Promise<void>;
}

/** A gateway with one foreign server, for several tests. */
async function mount(way: (typeof WAYS)[number], era: ForeignEra, env = {}): Promise<Mounted> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "gateway-foreign-")));
  const remote = way === "http" ? await foreignRemote(era, env) : undefined;
  const other = remote?.entry ?? foreignCommand(era, env);
  const gateway = await startWith(await writeConfig(root, { other }));
  await gateway.says(/^ready +other/);
  return {
    gateway,
    stop: async () => {
      await gateway.stop();
      await remote?.server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

const call = (name: string, input: object = {}) => ({ name, arguments: input });
const json = (answer: JsonObject) => JSON.parse(textOf(answer));
const capabilities = { elicitation: { form: {} } };
const canAsk = { _meta: { "io.modelcontextprotocol/clientCapabilities": capabilities } };

describe.each(CASES)("a foreign server over %s of the %s era", (way, era) => {
  let mounted: Mounted;
  let gateway: TestGateway;
  beforeAll(async () => {
    mounted = await mount(way, era);
    gateway = mounted.gateway;
  });
  afterAll(() => mounted.stop());

  it("shows its lists, page after page, and answers for them", async () => {
    const { tools } = (await gateway.rpc("", "modern", "tools/list")).result as {
      tools: { name: string }[];
    };
    expect(tools.map(({ name }) => name)).toContain("other__ask");
    const failed = await gateway.rpc("other", "legacy", "tools/call", call("fail"));
    expect(failed.result).toEqual({
      isError: true,
      content: [{ type: "text", text: "it went wrong" }],
    });
    const read = await gateway.rpc("", "modern", "resources/read", { uri: "other+note://one" });
    expect(read.result).toMatchObject({ contents: [{ uri: "other+note://one", text: "a note" }] });
    const prompt = await gateway.rpc("other", "legacy", "prompts/get", { name: "hello" });
    expect(prompt.result).toMatchObject({ messages: [{ role: "user" }] });
    const unknown = await gateway.rpc("other", "modern", "tools/call", call("nothing"));
    expect(unknown.error).toMatchObject({ code: -32602 });
  });

  it("that answers what is no result is said to, on every surface", async () => {
    const odd = { content: [null] };
    for (const [server, name] of [
      ["other", "odd"],
      ["", "other__odd"],
    ] as const) {
      const answer = await gateway.rpc(server, "modern", "tools/call", call(name, odd));
      expect(json(answer).error).toMatchObject({ code: "API_ERROR" });
    }
    const rest = await gateway.ask("/other/tools/odd", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(odd),
    });
    expect([rest.status, JSON.parse(rest.body).type]).toEqual([
      502,
      "urn:flotilla:problem:upstream-error",
    ]);
    const read = await gateway.rpc("", "legacy", "resources/read", { uri: "other+note://odd" });
    const given = { name: "hello", arguments: { odd: "yes" } };
    for (const { error } of [read, await gateway.rpc("other", "legacy", "prompts/get", given)])
      expect(error).toMatchObject({ message: expect.stringContaining("no result") });
  });

  it("is sent no arguments that its schema does not allow", async () => {
    const count = (input: object) => gateway.rpc("other", era, "tools/call", call("count", input));
    expect(json(await count({ from: 1 }))).toEqual({ got: { from: 1 } });
    const { error } = json(await count({ from: -1, list: ["x", "z"], more: true }));
    expect(error.code).toBe("VALIDATION_ERROR");
    expect(error.details.issues).toEqual([
      { path: "", message: "must NOT have additional properties: more" },
      { path: "from", message: "must be >= 0" },
      { path: "list.1", message: "must be equal to one of the allowed values" },
    ]);
    expect(json(await count({})).error.message).toContain("must have required property 'from'");
    const refused = await gateway.ask("/other/tools/count", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"from":-1}',
    });
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.body).errors).toEqual([
      { pointer: "#/from", detail: "must be >= 0" },
    ]);
  });

  it("has its patterns checked, also one that another engine would not come to an end with", async () => {
    const word = `${"a".repeat(100_000)}!`;
    const { error } = json(
      await gateway.rpc("other", era, "tools/call", call("count", { from: 1, word })),
    );
    expect(error.details.issues).toEqual([
      { path: "word", message: 'must match pattern "^(a+)+$"' },
    ]);
  });

  it("decides itself what is nearly right", async () => {
    const near = { from: "1", list: "x", word: "aa" };
    const answer = await gateway.rpc("other", era, "tools/call", call("count", near));
    expect(json(answer)).toEqual({ got: near });
  });

  it("reports progress and log messages to the caller", async () => {
    const response = await gateway.post(
      JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { ...call("other__report"), _meta: { progressToken: "mine" } },
      }),
      { "mcp-protocol-version": "2025-11-25" },
    );
    const events = await response.text();
    expect(events).toContain('"progressToken":"mine","progress":1,"total":2,"message":"half"');
    expect(events).toContain('"data":"working"');
    expect(events).toContain("reported");
  });

  it("is told when the caller leaves", async () => {
    const leaving = new AbortController();
    const slow = fetch(new URL("/other/tools/slow", gateway.url), {
      method: "POST",
      signal: leaving.signal,
    }).catch(() => "left");
    const env = async () =>
      json(await gateway.rpc("other", "modern", "tools/call", call("env"))) as {
        running: number;
        cancelled: unknown[];
      };
    await until(async () => (await env()).running > 0, "The start of the call");
    leaving.abort();
    await slow;
    if (way === "http" && era === "modern") return; // there the closed stream says it
    await until(async () => (await env()).cancelled.length > 0, "A cancellation");
  });

  it("asks its caller, and goes on with the answer", async () => {
    const first = await gateway.rpc("other", "modern", "tools/call", { ...call("ask"), ...canAsk });
    const { inputRequests = {}, requestState } = first.result as {
      inputRequests?: Record<string, object>;
      requestState?: string;
    };
    const [key = "", request] = Object.entries(inputRequests)[0] ?? [];
    expect(request).toMatchObject({ method: "elicitation/create", params: { message: "Who?" } });
    const answer = { action: "accept", content: { name: "Ada" } };
    const second = await gateway.rpc("other", "modern", "tools/call", {
      ...call("ask"),
      ...canAsk,
      inputResponses: { [key]: answer },
      requestState,
    });
    expect(textOf(second)).toContain('"name":"Ada"');
    const again = await gateway.rpc("other", "modern", "tools/call", {
      ...call("ask"),
      ...canAsk,
      inputResponses: { [key]: answer },
      requestState: "parked:made-up",
    });
    if (era === "legacy") expect(again.error).toMatchObject({ code: -32602 });
    const cannot = await gateway.rpc("other", "legacy", "tools/call", call("ask"));
    if (era === "legacy") expect(textOf(cannot)).toContain("nobody who could be asked");
  });

  it("tells that its tools changed, and they can be called", async () => {
    await gateway.rpc("other", "modern", "tools/call", call("change"));
    await until(async () => {
      const { result } = await gateway.rpc("", "legacy", "tools/list");
      return (result as { tools: { name: string }[] }).tools.some(
        ({ name }) => name === "other__extra",
      );
    }, "The new tool");
    const called = await gateway.rpc("", "legacy", "tools/call", call("other__extra"));
    expect(textOf(called)).toBe("extra");
  });
});

describe("a foreign server over stdio", () => {
  it("gets its own variables and what every program needs, and nothing else", async () => {
    const root = await testFolder();
    const entry = foreignCommand("legacy", { OWN: "1" });
    const gateway = await startWith(await writeConfig(root, { other: entry }), { SECRET: "s" });
    await gateway.says(/^ready +other/);
    const { env } = json(await gateway.rpc("other", "modern", "tools/call", call("env")));
    expect(Object.keys(env).sort()).toEqual(["ERA", "FLOTILLA_GUARD", "OWN", "PATH"]);
  });

  it("that ends at a first message of the new era is started again in the old one", async () => {
    const { stop } = await mount("stdio", "legacy", { STRICT: "1" });
    await stop();
  });

  it("that is of 2026 is not taken for one of 2025 because its first starts failed", async () => {
    const root = await testFolder();
    const fault = join(root, "fault");
    await writeFile(fault, "exit-at-start");
    const other = foreignCommand("modern", { FAULT_FILE: fault });
    const gateway = await startWith(await writeConfig(root, { other }));
    await gateway.says(/^backoff +other/);
    await rm(fault);
    await gateway.says(/^ready +other/);
  });

  it("that is no command is said to be none", async () => {
    const root = await testFolder();
    const config = await writeConfig(root, { other: { command: "no-such-command-here" } });
    const gateway = await startWith(config);
    expect(await gateway.says(/^backoff +other/)).toContain(
      "there is no command no-such-command-here",
    );
  });

  it("that ends says why, with the last line of its stderr", async () => {
    const root = await testFolder();
    const entry = {
      command: process.execPath,
      args: ["-e", 'console.error("no database for sesame-open"); process.exit(3)'],
      env: { API_KEY: "sesame-open" },
    };
    const gateway = await startWith(await writeConfig(root, { other: entry }));
    expect(await gateway.says(/^backoff +other/)).toContain(
      "it ended with 3: no database for [secret]",
    );
  });
});

describe("a foreign server over HTTP", () => {
  it("gets the headers of its entry, and those that its schema asks for", async () => {
    const root = await testFolder();
    const { entry } = await foreignRemote("modern", { KEY: "Bearer sesame" });
    const headers = { authorization: "Bearer sesame" };
    const gateway = await startWith(await writeConfig(root, { other: { ...entry, headers } }));
    await gateway.says(/^ready +other/);
    const input = { region: "São Paulo" };
    const answer = await gateway.rpc("other", "legacy", "tools/call", call("header", input));
    expect(json(answer).headers).toMatchObject({
      "mcp-method": "tools/call",
      "mcp-name": "header",
      "mcp-protocol-version": "2026-07-28",
      "mcp-param-region": `=?base64?${Buffer.from("São Paulo").toString("base64")}?=`,
    });
  });

  it("that refuses the credentials is said to", async () => {
    const root = await testFolder();
    const { entry } = await foreignRemote("legacy", { KEY: "Bearer sesame" });
    const gateway = await startWith(await writeConfig(root, { other: entry }));
    expect(await gateway.says(/^backoff +other/)).toContain("refuses the credentials (HTTP 401)");
  });

  it("that cannot be reached is said not to be", async () => {
    const root = await testFolder();
    const entry = { url: "http://127.0.0.1:1/mcp" };
    const gateway = await startWith(await writeConfig(root, { other: entry }));
    expect(await gateway.says(/^backoff +other/)).toContain("cannot be reached: ECONNREFUSED");
  });
});
