import { expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { checkArguments, MAX_SCHEMA_LENGTH } from "../src/foreign/arguments.ts";
import { MAX_PATTERN } from "../src/foreign/linear-pattern.ts";
import { MAX_STEPS, spend, withinSteps } from "../src/foreign/steps.ts";

const annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
const refused = (inputSchema: JsonObject, input: unknown): Promise<string | undefined> =>
  checkArguments(
    { name: "tool", title: "", description: "", inputSchema, annotations },
    input,
  ).then(
    () => undefined,
    (error: Error) => error.message,
  );

const object = (properties: JsonObject, more: JsonObject = {}) => ({
  type: "object",
  properties,
  ...more,
});
const DRAFT_7 = "http://json-schema.org/draft-07/schema#";

it.each<[string, JsonObject, unknown]>([
  [
    "of another dialect",
    object({ a: { type: "number" } }, { $schema: DRAFT_7, $id: "x" }),
    { a: {} },
  ],
  [
    "by local definitions",
    object({ a: { $ref: "#/definitions/A" } }, { definitions: { A: { type: "number" } } }),
    { a: {} },
  ],
  [
    "that recur",
    object({ next: { $ref: "#" } }, { additionalProperties: false }),
    { next: { next: { b: 1 } } },
  ],
  [
    "of properties that are called like keywords",
    object({ pattern: { type: "integer" }, $id: { type: "integer" } }),
    { pattern: {}, $id: 1 },
  ],
])("a schema %s refuses what it does not allow", async (_, schema, input) => {
  expect(await refused(schema, input)).toContain("tool cannot take this input");
});

it.each<[string, JsonObject, unknown]>([
  ["leads elsewhere", object({ a: { $ref: "https://example.com/a.json" } }), { a: 1 }],
  ["cannot be compiled", object({ a: { type: "nonsense" } }), { a: 1 }],
  [
    "allows names by a pattern",
    object({}, { patternProperties: { "^x": {} }, additionalProperties: false }),
    { x1: 1 },
  ],
  ["has formats", object({ a: { type: "string", format: "email" } }), { a: "none" }],
])("a schema that %s leaves the server to judge", async (_, schema, input) => {
  expect(await refused(schema, input)).toBeUndefined();
});

it("a schema is compiled up to a length, and what is given is not changed", async () => {
  const schemaOf = (length: number) => {
    const schema = object({ a: { type: "integer" } }, { description: "" });
    return { ...schema, description: "x".repeat(length - JSON.stringify(schema).length) };
  };
  expect(await refused(schemaOf(MAX_SCHEMA_LENGTH), { a: {} })).toContain("a: must be integer");
  expect(await refused(schemaOf(MAX_SCHEMA_LENGTH + 1), { a: {} })).toBeUndefined();
  const input = { a: "5" };
  expect(await refused(schemaOf(1_000), input)).toBeUndefined();
  expect(input).toEqual({ a: "5" });
});

const text = (pattern: string) => object({ a: { type: "string", pattern } });

it.each<[string, string, string]>([
  ["a plain one", "^[a-z]+$", "A"],
  ["one that takes for ever elsewhere", "^(a+)+$", `${"a".repeat(100_000)}!`],
  ["alternatives that do", "^(a|aa)+$", `${"a".repeat(100_000)}!`],
  ["ECMAScript's escapes", "^\\u0041\\/\\d{2}$", "A/x1"],
])("a pattern is checked in linear time: %s", async (_, pattern, value) => {
  expect(await refused(text(pattern), { a: value })).toContain("a: must match pattern");
});

it("names that a pattern allows are allowed, and others are not", async () => {
  const schema = object({}, { patternProperties: { "^x": {} }, additionalProperties: false });
  expect(await refused(schema, { x1: 1 })).toBeUndefined();
  expect(await refused(schema, { y1: 1 })).toContain("must NOT have additional properties: y1");
  const inner = object({}, { patternProperties: { "^x": { type: "number" } } });
  expect(await refused(inner, { x1: {} })).toContain("x1: must be number");
});

it.each<[string, string, string]>([
  ["with look-around", "^(?!b)a$", "b"],
  ["with a reference back", "^(a)\\1$", "b"],
  ["that is no pattern", "(", "b"],
  ["that repeats too often", "^((a{1000}){1000})$", "b"],
  ["of white space that engines do not agree on", "^\\s$", "\u00a0"],
])("a pattern %s leaves the server to judge", async (_, pattern, value) => {
  expect(await refused(text(pattern), { a: value })).toBeUndefined();
});

it("names that only another engine could judge leave the server to judge", async () => {
  const schema = object({}, { patternProperties: { "^(?!b)": {} }, additionalProperties: false });
  expect(await refused(schema, { b: 1 })).toBeUndefined();
});

it("a pattern has so many characters, and takes so many steps", async () => {
  const long = (length: number) => `^${"a".repeat(length - 1)}`;
  expect(await refused(text(long(MAX_PATTERN)), { a: "b" })).toContain("must match");
  expect(await refused(text(long(MAX_PATTERN + 1)), { a: "b" })).toBeUndefined();

  // the program of this pattern has 5 instructions, and a part of a schema costs a little
  const longest = MAX_STEPS / 5 - 100;
  expect(await refused(text("^b$"), { a: "b".repeat(longest) })).toContain("must match");
  expect(await refused(text("^b$"), { a: "b".repeat(MAX_STEPS) })).toBeUndefined();
  const done = (steps: number) =>
    withinSteps(() => {
      spend(steps);
      return "done";
    });
  expect([done(MAX_STEPS), done(MAX_STEPS + 1)]).toEqual(["done", undefined]);
});

/** Each definition refers twice to the next, so that there are 2^n ways through so few characters. */
function doubling(levels: number): JsonObject {
  const twice = (name: string) => ({ anyOf: [{ $ref: name }, { $ref: name }] });
  const names = Array.from({ length: levels }, (_, level) => `d${level}`);
  const $defs = Object.fromEntries(
    names.map((name, level) => [
      name,
      level + 1 < levels ? twice(`#/$defs/d${level + 1}`) : { type: "null" },
    ]),
  );
  return object({ a: { $ref: "#/$defs/d0" } }, { $defs });
}
const nested = (depth: number): unknown => (depth === 0 ? 1 : { next: nested(depth - 1) });
const branch = { properties: { next: { $ref: "#/$defs/tree" } } };

it.each<[string, JsonObject, unknown]>([
  ["that doubles", doubling(40), { a: "x" }],
  [
    "that doubles with each level of what it is given",
    object(
      { a: { $ref: "#/$defs/tree" } },
      { $defs: { tree: { type: "object", oneOf: [branch, branch] } } },
    ),
    { a: nested(60) },
  ],
  ["that is itself", { type: "object", allOf: [{ $ref: "#" }] }, { a: 1 }],
  [
    "with many values, of many",
    object({ a: { items: { enum: Array.from({ length: 9_000 }, (_, n) => `v${n}`) } } }),
    { a: Array.from({ length: 100_000 }, () => "none") },
  ],
  [
    "with very many parts",
    object({ a: { items: { type: "string" } } }),
    { a: Array.from({ length: 1_000_000 }, () => "") },
  ],
  [
    "that is deep",
    object({
      a: Array.from({ length: 5_000 }).reduce<object>((not) => ({ not }), {}) as JsonObject,
    }),
    { a: 1 },
  ],
])("a schema %s leaves the server to judge after so many steps", async (_, schema, input) => {
  expect(await refused(schema, input)).toBeUndefined();
});

it("a schema whose parts are referred to often is compiled once a part", async () => {
  const big = object(
    Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`p${n}`, { type: "string" }])),
  );
  const many = Array.from({ length: 800 }, (_, n) => [`r${n}`, { $ref: "#/$defs/big" }]);
  const schema = object(Object.fromEntries(many), { $defs: { big } });
  expect(await refused(schema, { r1: { p1: {} } })).toContain("r1.p1: must be string");
});

it("members that shall not be twice are told apart in one go", async () => {
  const schema = object({ a: { type: "array", uniqueItems: true } });
  const many = Array.from({ length: 100_000 }, (_, n) => ({ n }));
  expect(await refused(schema, { a: many })).toBeUndefined();
  expect(await refused(schema, { a: [...many, { n: 7 }] })).toContain("duplicate items");
});
