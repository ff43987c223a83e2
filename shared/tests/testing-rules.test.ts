import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ToolListing } from "#shared/core/contract.ts";
import { defineTool } from "#shared/core/definition.ts";
import { toolEntry } from "#shared/core/listing.ts";
import { type Fault, staleExceptions } from "#shared/testing/fault.ts";
import { schemaFaults } from "#shared/testing/schema-rules.ts";
import { annotationFaults, wordingFaults } from "#shared/testing/tool-rules.ts";

const { listing: good } = toolEntry(
  defineTool({
    name: "get_word",
    title: "Get a word",
    description: "Get one word of the store.",
    inputSchema: z.object({
      key: z.string().max(20).describe("Its key"),
      on: z.iso.date().optional().describe("The day"),
      tags: z
        .array(z.enum(["a", "b"]).describe("A tag"))
        .max(3)
        .describe("Tags"),
      at: z.object({ line: z.int().describe("Line") }).describe("Place"),
    }),
    outputSchema: z.object({ word: z.string().describe("The word") }),
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    handler: () => ({ word: "" }),
  }),
);

const keys = (faults: Fault[]) => faults.map(({ key }) => key);
const withInput = (schema: z.ZodType): ToolListing => ({
  ...good,
  inputSchema: z.toJSONSchema(schema, { io: "input" }),
});

describe("the wording of a tool", () => {
  it("has no fault when it keeps to the rules", () => {
    expect(wordingFaults("word-server", good)).toEqual([]);
  });

  it.each(["word", "getWord", "Get_word", "get-word", "get_", "_word", "get word"])(
    "refuses the name %s",
    (name) => {
      expect(keys(wordingFaults("word-server", { ...good, name }))).toEqual([`${name} name`]);
    },
  );

  it("allows 64 characters with the prefix of a client and no more", () => {
    const nameOf = (length: number) => `get_${"x".repeat(length - "mcp__word__get_".length)}`;
    expect(wordingFaults("word-server", { ...good, name: nameOf(64) })).toEqual([]);
    expect(keys(wordingFaults("word-server", { ...good, name: nameOf(65) }))).toEqual([
      `${nameOf(65)} name-length`,
    ]);
  });

  it.each(["", " ", "get_word", "x".repeat(61)])("refuses the title %j", (title) => {
    expect(keys(wordingFaults("word-server", { ...good, title }))).toEqual(["get_word title"]);
  });

  it.each([0, 11, 1025])("refuses a description of %i characters", (length) => {
    const tool = { ...good, description: "x".repeat(length) };
    expect(keys(wordingFaults("word-server", tool))).toEqual(["get_word description"]);
  });

  it.each([12, 1024])("takes a description of %i characters", (length) => {
    expect(wordingFaults("word-server", { ...good, description: "x".repeat(length) })).toEqual([]);
  });
});

describe("the annotations of a tool", () => {
  it("have no fault when all are stated", () => {
    expect(annotationFaults(good)).toEqual([]);
  });

  it.each(["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const)(
    "must state %s",
    (hint) => {
      const { [hint]: _, ...rest } = good.annotations;
      const tool = { ...good, annotations: rest as ToolListing["annotations"] };
      expect(keys(annotationFaults(tool))).toEqual([`get_word ${hint}`]);
    },
  );

  it("must not say that what only reads destroys", () => {
    const tool = { ...good, annotations: { ...good.annotations, destructiveHint: true } };
    expect(keys(annotationFaults(tool))).toEqual(["get_word destructiveHint"]);
  });
});

describe("the schemas of a tool", () => {
  it("have no fault when all is described and bounded", () => {
    expect(schemaFaults(good)).toEqual([]);
  });

  it.each([
    ["a union", z.union([z.object({}), z.object({})]), ["get_word root", "get_word root"]],
    ["a list", z.array(z.int()).max(2), ["get_word root"]],
  ])("refuse %s at the root", (_, schema, expected) => {
    expect(keys(schemaFaults(withInput(schema)))).toEqual(expected);
  });

  it("refuse an intersection at the root", () => {
    const tool = { ...good, inputSchema: { type: "object", allOf: [] } };
    expect(keys(schemaFaults(tool))).toEqual(["get_word root"]);
  });

  it("refuse a union at the root of the result", () => {
    const tool = { ...good, outputSchema: { type: "object", anyOf: [] } };
    expect(keys(schemaFaults(tool))).toEqual(["get_word result root"]);
  });

  it("want every field described, however deep, in the result too", () => {
    const deep = z.object({
      a: z
        .array(z.object({ b: z.boolean() }))
        .max(2)
        .describe("A"),
    });
    const described = { ...withInput(deep), outputSchema: z.toJSONSchema(deep) };
    expect(keys(schemaFaults(described))).toEqual([
      "get_word.a[].b description",
      "get_word result.a[].b description",
    ]);
  });

  it("take a description that stands where a reference leads", () => {
    const inner = z.string().max(3).describe("Said once").meta({ id: "Inner" });
    expect(schemaFaults(withInput(z.object({ a: inner, b: inner })))).toEqual([]);
  });

  it("do not follow a schema into itself for ever", () => {
    const tree = z.object({
      get children() {
        return z.array(tree).max(3).describe("Below");
      },
    });
    expect(schemaFaults(withInput(tree))).toEqual([]);
  });

  it.each([
    ["a string", z.string(), "maxLength"],
    ["a URL", z.url(), "maxLength"],
    ["a string or null", z.string().nullable(), "maxLength"],
    ["a list", z.array(z.boolean()), "maxItems"],
    ["an integer", z.number().multipleOf(1).meta({ type: "integer" }), "minimum and maximum"],
    ["an integer with one bound", z.number().min(0).meta({ type: "integer" }), "maximum"],
    ["a dictionary", z.record(z.string(), z.boolean()), "maxProperties"],
    ["a part of a union", z.union([z.boolean(), z.string()]), "maxLength"],
  ])("want %s of the input bounded", (_, schema, missing) => {
    const faults = schemaFaults(withInput(z.object({ a: schema.describe("A") })));
    expect(faults).toEqual([{ key: "get_word.a bounds", message: `has no ${missing}` }]);
  });

  it.each([
    ["a uuid", z.uuid()],
    ["one of some words", z.enum(["a"])],
    ["one word", z.literal("a")],
    ["a whole number", z.int()],
    ["a number", z.number()],
    ["a bounded dictionary", z.record(z.string(), z.boolean()).meta({ maxProperties: 9 })],
  ])("find %s bounded enough", (_, schema) => {
    expect(schemaFaults(withInput(z.object({ a: schema.describe("A") })))).toEqual([]);
  });
});

describe("an exception", () => {
  const faults = [{ key: "a name", message: "is wrong" }];

  it("is stale when it excuses nothing or gives no reason", () => {
    expect(staleExceptions(faults, { "a name": "because" })).toEqual([]);
    expect(staleExceptions(faults, { "b name": "because", "a name": " " })).toEqual([
      "b name",
      "a name",
    ]);
  });
});
