import { describe, expect, test } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { server } from "../src/server.ts";
import { callTool } from "./shared/testing/call.ts";
import { withTempDir } from "./shared/testing/temp-dir.ts";

type Schema = JsonObject & { type?: string; items?: Schema; enum?: unknown[] };

/** Values at a bound of a field, and the ones beyond it. */
function edges({ type, ...schema }: Schema): { title: string; at: unknown; beyond: unknown }[] {
  const found: { title: string; at: unknown; beyond: unknown }[] = [];
  const add = (title: string, at: unknown, beyond: unknown) => found.push({ title, at, beyond });
  const bound = (word: string) => schema[word] as number;
  const texts = (length: number) => "x".repeat(length);
  const items = (length: number) => Array.from({ length }, () => valid(schema.items ?? {}));
  if (type === "string" && "maxLength" in schema)
    add("longest", texts(bound("maxLength")), texts(bound("maxLength") + 1));
  if (type === "string" && "minLength" in schema)
    add("shortest", texts(bound("minLength")), texts(bound("minLength") - 1));
  if (type === "integer") {
    add("least", bound("minimum"), bound("minimum") - 1);
    add("most", bound("maximum"), bound("maximum") + 1);
  }
  if (type === "array") {
    add("most items", items(bound("maxItems")), items(bound("maxItems") + 1));
    add("fewest items", items(bound("minItems")), items(bound("minItems") - 1));
  }
  return found;
}

/** Something that a schema takes. */
function valid(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.type === "object") return inputFor(schema);
  if (schema.type === "array") return [valid(schema.items ?? {})];
  if (schema.type === "integer") return schema.minimum;
  return schema.type === "boolean" ? false : "x";
}

function inputFor(schema: Schema): JsonObject {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.fromEntries(required.map((name) => [name, valid(properties[name] ?? {})]));
}

const bounds = server.tools.flatMap(({ listing: { name, inputSchema } }) =>
  Object.entries((inputSchema.properties ?? {}) as Record<string, Schema>).flatMap(
    ([field, schema]) => edges(schema).map((edge) => ({ tool: name, field, inputSchema, ...edge })),
  ),
);

describe("each bound that a tool lists for its input is where it says", () => {
  test.each(bounds)("$tool $field: $title", ({ tool, field, inputSchema, at, beyond }) =>
    withTempDir(async (root) => {
      const env = { ALLOWED_ROOTS: JSON.stringify([root]), ALLOW_WRITE: "true" };
      /** Whether the input as such was refused, and not what it asks for. */
      const isRefused = async (value: unknown) => {
        const input = { ...inputFor(inputSchema), [field]: value };
        const result = await callTool(server, tool, input, { env });
        return JSON.stringify(result.content).includes("issues");
      };
      expect([await isRefused(at), await isRefused(beyond)]).toEqual([false, true]);
    }),
  );
});
