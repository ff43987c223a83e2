import { expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { checkArguments, MAX_SCHEMA_LENGTH } from "../src/foreign/arguments.ts";

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
