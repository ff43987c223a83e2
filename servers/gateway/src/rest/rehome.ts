import type { JsonObject } from "#shared/core/contract.ts";
import { isObject } from "../foreign/wire.ts";

/** Where a tool's schemas stand in an OpenAPI document. */
const HOME = "#/components/schemas/";

const MAPS = new Set(["properties", "patternProperties", "dependentSchemas"]);
const LISTS = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const SINGLE = new Set([
  "items",
  "additionalProperties",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
const DEFINITIONS = ["$defs", "definitions"];
/** They would change what references mean, or belong to a document of its own. */
const DROPPED = new Set(["$schema", "$id", ...DEFINITIONS]);

/** Names of components are of these characters. */
const safe = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]/g, "_");

/**
 * A schema as components of a document: the schema itself under `name`, its local definitions under
 * `name.X`. References lead where the definitions now are; what they name elsewhere is not fetched, so
 * such a reference becomes a schema that allows anything.
 */
export function rehome(name: string, schema: JsonObject): Record<string, JsonObject> {
  const components: Record<string, JsonObject> = { [name]: convert(schema, name) };
  for (const key of DEFINITIONS) {
    const definitions = isObject(schema[key]) ? schema[key] : {};
    for (const [own, definition] of Object.entries(definitions)) {
      if (isObject(definition)) components[`${name}.${safe(own)}`] = convert(definition, name);
      else components[`${name}.${safe(own)}`] = definition === false ? { not: {} } : {};
    }
  }
  return components;
}

function convert(schema: JsonObject, name: string): JsonObject {
  const converted: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (DROPPED.has(key)) continue;
    if (key === "$ref") Object.assign(converted, reference(String(value), name));
    else converted[key] = convertKeyword(key, value, name);
  }
  return converted;
}

function convertKeyword(key: string, value: unknown, name: string): unknown {
  const inner = (one: unknown) => (isObject(one) ? convert(one, name) : one);
  if (MAPS.has(key) && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([own, one]) => [own, inner(one)]));
  if (LISTS.has(key) && Array.isArray(value)) return value.map(inner);
  return SINGLE.has(key) ? inner(value) : value;
}

function reference(ref: string, name: string): JsonObject {
  if (ref === "#") return { $ref: HOME + name };
  if (!ref.startsWith("#/") || !isDecodable(ref))
    return { description: `A reference to ${ref}, which is not followed here.` };
  const [, kind, own = "", rest = ""] = /^#\/([^/]+)\/([^/]+)(.*)$/.exec(ref) ?? [];
  if (kind !== undefined && DEFINITIONS.includes(kind)) {
    const plain = decodeURIComponent(own).replaceAll("~1", "/").replaceAll("~0", "~");
    return { $ref: `${HOME}${name}.${safe(plain)}${rest}` };
  }
  return { $ref: `${HOME}${name}${ref.slice(1)}` };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
