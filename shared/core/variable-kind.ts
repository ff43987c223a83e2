import * as z from "zod";

/**
 * How a value of a variable is known to be right without its schema, which is slow to load: any text
 * is, a word for true or false, one of some words, a whole number within bounds, a text that matches
 * a pattern. "checked" needs the schema, and so does a value that is not plainly right by its kind.
 */
export type VariableKind =
  | "text"
  | "flag"
  | "checked"
  | readonly string[]
  | { readonly min: number; readonly max: number }
  | { readonly pattern: string };

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
  if (schema instanceof z.ZodString && schema.format === null) return kindOfText(schema);
  return "checked";
}

const LENGTH_CHECKS: readonly string[] = ["min_length", "max_length"];

function kindOfText({ def: { checks = [] }, minLength, maxLength }: z.ZodString): VariableKind {
  if (checks.length === 0) return "text";
  if (!checks.every(({ _zod }) => LENGTH_CHECKS.includes(_zod.def.check))) return "checked";
  return { pattern: `^[^]{${minLength ?? 0},${maxLength ?? ""}}$` };
}
