import { isRecord } from "../../lib/unknown.ts";
import type { ToolCall } from "./messages.ts";

/** Calls that do a little real work; a server that is not here is called by its first tool's schema. */
const calls: Record<string, ToolCall> = {
  "greet-server": { name: "echoHai", arguments: { userName: "Ada" } },
  "bye-server": { name: "echoBye", arguments: { userName: "Ada" } },
  "math-server": { name: "add", arguments: { a: 1, b: 2 } },
  "file-server": { name: "list_directory", arguments: { path: "." } },
};

/** A call of the server's first tool that only reads, of the first tool when it has none such. */
export function exampleCall(server: string, tools: unknown): ToolCall {
  const known = calls[server];
  const all = Array.isArray(tools) ? tools.filter(isRecord) : [];
  if (known && all.some(({ name }) => name === known.name)) return known;
  const reads = all.find(
    ({ annotations }) => isRecord(annotations) && annotations.readOnlyHint === true,
  );
  const tool = reads ?? all[0];
  if (!tool || typeof tool.name !== "string") throw new Error("it lists no tool");
  const value = exampleOf(tool.inputSchema);
  return { name: tool.name, arguments: isRecord(value) ? value : {} };
}

/** A value that a JSON schema allows, as small as can be; keywords beyond the plain ones are not read. */
export function exampleOf(schema: unknown): unknown {
  if (!isRecord(schema)) return {};
  if ("const" in schema) return schema.const;
  if ("default" in schema) return schema.default;
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const choice = Array.isArray(schema.anyOf) ? schema.anyOf : schema.oneOf;
  if (Array.isArray(choice)) return exampleOf(choice[0]);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "string":
      return "a".repeat(Math.max(1, Number(schema.minLength ?? 1)));
    case "number":
    case "integer":
      return exampleNumber(schema);
    case "boolean":
      return true;
    case "array":
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => exampleOf(schema.items));
    case "null":
      return null;
    default:
      return exampleObject(schema);
  }
}

function exampleNumber({ minimum, exclusiveMinimum, maximum }: Record<string, unknown>): number {
  if (typeof minimum === "number") return minimum;
  if (typeof exclusiveMinimum === "number") return exclusiveMinimum + 1;
  return typeof maximum === "number" ? Math.min(1, maximum) : 1;
}

function exampleObject({ properties, required }: Record<string, unknown>): unknown {
  const names = Array.isArray(required) ? required.map(String) : [];
  const known = isRecord(properties) ? properties : {};
  return Object.fromEntries(names.map((name) => [name, exampleOf(known[name])]));
}
