// Copied from shared/core/variable-kind.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import * as z from "zod";

/**
 * How a value of a variable is known to be right without its schema, which is slow to load: any text
 * is, a word for true or false, one of some words. "checked" needs the schema.
 */
export type VariableKind = "text" | "flag" | "checked" | readonly string[];

const tagged = new WeakMap<z.ZodType, VariableKind>();

/** Says of a schema what its structure does not. */
export function tagKind<S extends z.ZodType>(schema: S, kind: VariableKind): S {
  tagged.set(schema, kind);
  return schema;
}

export function variableKind(schema: z.ZodType): VariableKind {
  const kind = tagged.get(schema);
  if (kind !== undefined) return kind;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return variableKind(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  const unchecked =
    schema instanceof z.ZodString &&
    (schema.def.checks ?? []).length === 0 &&
    schema.format === null;
  return unchecked ? "text" : "checked";
}
