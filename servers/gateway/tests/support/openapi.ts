/** An OpenAPI document, as far as tests look at it. */
export interface Document {
  paths: Record<string, Partial<Record<"get" | "post", Operation>>>;
  components: { schemas: Record<string, Schema> };
}

interface Operation {
  operationId: string;
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, object>;
}

type Schema = Record<string, unknown>;

export function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, item]) =>
    (["get", "post"] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation, operationId: operation.operationId }] : [];
    }),
  );
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value that fits a schema, as small as can be. */
export function sampleOf(document: Document, schema: unknown): unknown {
  if (!isSchema(schema)) return "x";
  if (typeof schema.$ref === "string") return sampleOf(document, lookUp(document, schema.$ref));
  if ("const" in schema) return schema.const;
  if ("default" in schema) return schema.default;
  for (const key of ["enum", "examples"])
    if (Array.isArray(schema[key])) return (schema[key] as unknown[])[0];
  for (const key of ["anyOf", "oneOf", "allOf"])
    if (Array.isArray(schema[key])) return sampleOf(document, (schema[key] as unknown[])[0]);
  return sampleOfType(document, schema);
}

function sampleOfType(document: Document, schema: Schema): unknown {
  const { type, minimum, minLength, minItems, items, properties = {}, required } = schema;
  switch (Array.isArray(type) ? type[0] : type) {
    case "object": {
      const names = Array.isArray(required) ? required.map(String) : [];
      const known = properties as Schema;
      return Object.fromEntries(names.map((name) => [name, sampleOf(document, known[name])]));
    }
    case "array":
      return Array.from({ length: Number(minItems ?? 0) }, () => sampleOf(document, items));
    case "number":
    case "integer":
      return typeof minimum === "number" ? minimum : 1;
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return "x".repeat(Math.max(1, Number(minLength ?? 1)));
  }
}

function lookUp(document: Document, ref: string): unknown {
  const keys = ref.split("/").slice(1);
  return keys.reduce<unknown>((node, key) => (isSchema(node) ? node[key] : undefined), document);
}
