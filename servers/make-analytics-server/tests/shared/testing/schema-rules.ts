// Copied from shared/testing/schema-rules.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { JsonObject, ToolListing } from "#shared/core/contract.ts";
import { type Fault, fault } from "./fault.ts";
import { isObject } from "./messages.ts";

/** Formats whose values cannot be long. */
const SHORT_FORMATS = new Set(["date", "time", "date-time", "duration", "uuid", "ipv4", "ipv6"]);
const UNIONS = ["anyOf", "oneOf", "allOf"] as const;

/** Both schemas of a tool, by every rule. */
export function schemaFaults({ name, inputSchema, outputSchema }: ToolListing): Fault[] {
  const input = [...rootFaults(name, inputSchema), ...fieldFaults(name, inputSchema, true)];
  if (!outputSchema) return input;
  const output = `${name} result`;
  return [
    ...input,
    ...rootFaults(output, outputSchema),
    ...fieldFaults(output, outputSchema, false),
  ];
}

/** Clients list a union at the root as an object without properties, or refuse the whole list. */
function rootFaults(where: string, schema: JsonObject): Fault[] {
  const forbidden = [...UNIONS, "$ref", "not", "enum"].filter((word) => word in schema);
  const faults = forbidden.map((word) => fault(where, "root", `has ${word} at the root`));
  if (schema.type !== "object") faults.push(fault(where, "root", "is not an object"));
  return faults;
}

/** Every field, however deep: described, and bounded where a caller fills it in. */
function fieldFaults(name: string, root: JsonObject, isInput: boolean): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<unknown>();

  function visit(path: string, given: unknown): void {
    const schema = resolve(given, root);
    if (!isObject(schema) || seen.has(schema)) return;
    seen.add(schema);
    if (isInput) {
      const missing = missingBound(schema);
      if (missing) faults.push(fault(path, "bounds", `has no ${missing}`));
    }
    for (const [key, property] of Object.entries(objectOf(schema.properties))) {
      const child = `${path}.${key}`;
      if (!describes(property, root)) faults.push(fault(child, "description", "is not described"));
      visit(child, property);
    }
    visit(`${path}[]`, schema.items);
    visit(`${path}{}`, schema.additionalProperties);
    for (const word of ["prefixItems", ...UNIONS]) {
      const parts = schema[word];
      if (Array.isArray(parts)) for (const part of parts) visit(path, part);
    }
  }

  visit(name, root);
  return faults;
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** Follows a reference into the schema's own definitions. */
function resolve(schema: unknown, root: JsonObject): unknown {
  if (!isObject(schema) || typeof schema.$ref !== "string") return schema;
  if (schema.$ref === "#") return root;
  return objectOf(root.$defs)[schema.$ref.replace("#/$defs/", "")];
}

function describes(schema: unknown, root: JsonObject): boolean {
  return [schema, resolve(schema, root)].some(
    (each) =>
      isObject(each) && typeof each.description === "string" && each.description.trim() !== "",
  );
}

/** The words of JSON Schema that a value of this type lacks to be bounded. */
function missingBound(schema: JsonObject): string | undefined {
  if ("enum" in schema || "const" in schema) return undefined;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const lacks = types.map((type) => lackOf(type, schema)).filter((lack) => lack !== undefined);
  return lacks.length > 0 ? lacks.join(" and ") : undefined;
}

function lackOf(type: unknown, schema: JsonObject): string | undefined {
  switch (type) {
    case "string":
      return "maxLength" in schema || SHORT_FORMATS.has(String(schema.format))
        ? undefined
        : "maxLength";
    case "array":
      return "maxItems" in schema ? undefined : "maxItems";
    // a number has the bounds of a double; an integer counts something, and that has a limit
    case "integer":
      return numberLack(schema);
    case "object":
      // an object of any keys; one of known keys is as large as they are
      return isObject(schema.additionalProperties) && !("maxProperties" in schema)
        ? "maxProperties"
        : undefined;
    default:
      return undefined;
  }
}

function numberLack(schema: JsonObject): string | undefined {
  const lower = "minimum" in schema || "exclusiveMinimum" in schema;
  const upper = "maximum" in schema || "exclusiveMaximum" in schema;
  if (lower && upper) return undefined;
  return lower ? "maximum" : upper ? "minimum" : "minimum and maximum";
}
