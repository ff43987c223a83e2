import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineConfig, flag } from "#shared/core/config.ts";
import { image, onlyContent, text, withContent } from "#shared/core/content.ts";
import { defineTool, type ServerDefinition } from "#shared/core/definition.ts";
import { MAX_RESULT_BYTES, toResult } from "#shared/core/result.ts";
import { createServer } from "#shared/core/server.ts";
import { expectToolError } from "#shared/testing/call.ts";
import { definition, host, openTest, readsOnly } from "./support/instance.ts";

const tool = (name: string, more: Partial<Parameters<typeof defineTool>[0]> = {}) =>
  defineTool({
    name,
    title: name,
    description: name,
    inputSchema: z.object({}),
    annotations: readsOnly,
    handler: () => onlyContent(text(name)),
    ...more,
  });
const writes = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: false,
} as const;

const server: Partial<ServerDefinition> = {
  config: defineConfig({ FEATURE_NEW: { schema: flag().default(false), describe: "New" } }),
  toolsets: { basic: { describe: "Basic", default: true }, extra: { describe: "Extra" } },
  tools: [
    tool("always"),
    tool("in_basic", { toolset: "basic" }),
    tool("in_extra", { toolset: "extra" }),
    tool("new_one", { feature: "FEATURE_NEW" }),
    tool("write_it", { annotations: writes }),
  ],
};

describe("which tools are shown", () => {
  test.each<[Record<string, string>, string[]]>([
    [{}, ["always", "in_basic", "write_it"]],
    [{ TOOLSETS: "default" }, ["always", "in_basic", "write_it"]],
    [{ TOOLSETS: "extra" }, ["always", "in_extra", "write_it"]],
    [{ TOOLSETS: "default,extra" }, ["always", "in_basic", "in_extra", "write_it"]],
    [{ TOOLSETS: "all" }, ["always", "in_basic", "in_extra", "write_it"]],
    [{ TOOLSETS: "all", READ_ONLY: "true" }, ["always", "in_basic", "in_extra"]],
    [{ FEATURE_NEW: "yes" }, ["always", "in_basic", "new_one", "write_it"]],
    [{ FEATURE_NEW: "no" }, ["always", "in_basic", "write_it"]],
    [{ READ_ONLY: "1", FEATURE_NEW: "1" }, ["always", "in_basic", "new_one"]],
  ])("%j: %j", async (env, expected) => {
    const { tools } = await openTest(server, { env });
    expect(tools.map(({ name }) => name)).toEqual(expected);
  });

  test("one that is not shown cannot be called either", async () => {
    const instance = await openTest(server, { env: { READ_ONLY: "true" } });
    expect(await instance.call("write_it", {}, host())).toMatchObject({ error: { code: -32602 } });
    expect(await instance.call("in_extra", {}, host())).toMatchObject({ error: { code: -32602 } });
  });

  test("an unknown toolset stops the start and says which there are", async () => {
    await expect(openTest(server, { env: { TOOLSETS: "basic,bisac" } })).rejects.toThrow(
      /TOOLSETS: .*"bisac".* default, all, basic, extra\./,
    );
  });
});

test("a listing states every hint, and a tool that reads destroys nothing", async () => {
  const { tools } = await openTest(server);
  const annotations = Object.fromEntries(tools.map((one) => [one.name, one.annotations]));
  expect(annotations.always).toEqual({ ...readsOnly, destructiveHint: false });
  expect(annotations.write_it).toEqual(writes);
});

test("schemas are made once, by the first call or list that needs them", async () => {
  const made: string[] = [];
  const make = (name: string) => () => {
    made.push(name);
    return z.object({ is: z.literal(true).default(true) });
  };
  const late = (name: string) =>
    tool(name, {
      inputSchema: make(`${name} in`),
      outputSchema: make(`${name} out`),
      handler: (input: Record<string, unknown>) => input,
    });
  const instance = await openTest({ tools: [late("one"), late("other")] });
  expect(made).toEqual([]);
  for (let count = 0; count < 2; count++) {
    const { result } = await instance.call("one", {}, host());
    expect(result).toMatchObject({ structuredContent: { is: true } });
  }
  expect(made).toEqual(["one in", "one out"]);
  expect(instance.tools).toHaveLength(2);
  expect(made).toEqual(["one in", "one out", "other in", "other out"]);
});

describe("a definition that contradicts itself throws", () => {
  const template = (uriTemplate: string) => ({
    uriTemplate,
    name: "r",
    title: "r",
    description: "r",
    read: () => ({ contents: [] }),
  });
  const prompt = {
    name: "p",
    title: "p",
    description: "p",
    arguments: z.object({}),
    get: () => ({ messages: [] }),
  };
  test.each<[string, Partial<ServerDefinition>, RegExp]>([
    [
      "two tools of one name",
      { tools: [tool("a"), tool("a")] },
      /Two of the server's tools are named "a"/,
    ],
    ["two prompts of one name", { prompts: [prompt, prompt] }, /Two of the server's prompts/],
    [
      "two resources of one URI",
      { resources: [template("a://{b}"), template("a://{b}")] },
      /Two of the server's resources/,
    ],
    [
      "an unknown toolset",
      { tools: [tool("a", { toolset: "x" })] },
      /toolset "x", which the server does not define/,
    ],
    [
      "an unknown feature",
      { tools: [tool("a", { feature: "FEATURE_X" })] },
      /depends on FEATURE_X/,
    ],
    [
      "a template that cannot be matched",
      { resources: [template("a://{b}{c}")] },
      /no? ?.*URI template/,
    ],
    [
      "a name with capitals",
      { manifest: { ...definition({}).manifest, name: "Server" } },
      /no name for a server/,
    ],
  ])("%s", (_, parts, message) => {
    expect(() => createServer(definition(parts))).toThrow(message);
  });
});

const schema = z.object({ text: z.string() });

describe("a result", () => {
  test("has what its schema says and nothing else, as an object and as text", () => {
    const result = toResult({ text: "a", extra: "secret" }, schema);
    expect(result).toEqual({
      structuredContent: { text: "a" },
      content: [{ type: "text", text: '{"text":"a"}' }],
    });
  });

  test("puts content of its own after the text", () => {
    const result = toResult(
      withContent({ text: "a" }, image(new Uint8Array([1, 2]), "image/png")),
      schema,
    );
    expect(result.content).toEqual([
      { type: "text", text: '{"text":"a"}' },
      { type: "image", data: "AQI=", mimeType: "image/png" },
    ]);
  });

  test("that does not fit its schema is a fault of ours, without what it held", async () => {
    const wrong = tool("wrong", {
      outputSchema: schema,
      handler: (() => ({ text: 42, token: "hush-hush" })) as never,
    });
    const { result } = await (await openTest({ tools: [wrong] })).call("wrong", {}, host());
    expectToolError(result, "UNKNOWN");
    expect(JSON.stringify(result)).not.toContain("hush-hush");
  });

  /** A result of exactly this many bytes as JSON. */
  const contentOf = (bytes: number) => {
    const empty = Buffer.byteLength(JSON.stringify(toResult(onlyContent(text("")), undefined)));
    return onlyContent(text("x".repeat(bytes - empty)));
  };
  const structuredOf = (bytes: number) => {
    const empty = Buffer.byteLength(JSON.stringify(toResult({ text: "" }, schema)));
    const even = (bytes - empty) / 2;
    return { text: "x".repeat(Math.floor(even)) };
  };

  test("may have MAX_RESULT_BYTES, and one more is refused with how to go on", () => {
    const result = toResult(contentOf(MAX_RESULT_BYTES), undefined);
    expect(Buffer.byteLength(JSON.stringify(result))).toBe(MAX_RESULT_BYTES);
    expect(() => toResult(contentOf(MAX_RESULT_BYTES + 1), undefined)).toThrow(
      /1000001 bytes.*at most 1000000\. Ask for less/,
    );
  });

  test("counts both forms of a structured value", () => {
    expect(() => toResult(structuredOf(MAX_RESULT_BYTES), schema)).not.toThrow();
    expect(() => toResult(structuredOf(MAX_RESULT_BYTES + 2), schema)).toThrow("at most");
  });

  test.each([['"'], ["\\"], ["\u0001"], ["€"], ["😀"], ["\ud800"]])(
    "counts the bytes of many %j as they go out",
    (character) => {
      for (let length = 1000; length < 600_000; length = Math.ceil(length * 1.3)) {
        const value = { text: character.repeat(length) };
        const json = JSON.stringify(value);
        const whole = { content: [{ type: "text", text: json }], structuredContent: value };
        const fits = Buffer.byteLength(JSON.stringify(whole)) <= MAX_RESULT_BYTES;
        if (fits) expect(() => toResult(value, schema)).not.toThrow();
        else expect(() => toResult(value, schema)).toThrow("at most");
      }
    },
  );
});
