import type { Schema } from "./api.ts";

/** One argument of a tool, as a field of a form. */
export interface Field {
  name: string;
  label: string;
  help: string | undefined;
  required: boolean;
  kind: "text" | "number" | "choice" | "json";
  /** Of a choice. */
  choices: readonly string[];
  /** What holds when the field is left empty. */
  placeholder: string;
}

/** The fields of a tool's arguments; what a form has no field for is written as JSON. */
export function fieldsOf({ properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties).map(([name, schema]) => {
    const kind = kindOf(schema);
    return {
      name,
      label: schema.title ?? name,
      help: schema.description,
      required: required.includes(name) && schema.default === undefined,
      kind,
      choices: kind === "choice" ? choicesOf(schema).map(String) : [],
      placeholder: schema.default === undefined ? "" : JSON.stringify(schema.default),
    };
  });
}

const choicesOf = (schema: Schema): unknown[] =>
  schema.type === "boolean" ? [true, false] : (schema.enum ?? []);

function kindOf(schema: Schema): Field["kind"] {
  if (choicesOf(schema).length > 0) return "choice";
  if (schema.type === "string") return "text";
  return schema.type === "number" || schema.type === "integer" ? "number" : "json";
}

/** What was typed, by field, as arguments; an empty field is left out. Faults are by field too. */
export function inputOf(
  schema: Schema,
  typed: Readonly<Record<string, string>>,
): { input: Record<string, unknown>; faults: Record<string, string> } {
  const input: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  for (const { name, kind, required } of fieldsOf(schema)) {
    const text = typed[name] ?? "";
    if (text === "") {
      if (required) faults[name] = "This is needed";
      continue;
    }
    const value = readTyped(text, kind, schema.properties?.[name] ?? {});
    if (value === undefined)
      faults[name] = kind === "number" ? "This is no number" : "This is not JSON";
    else input[name] = value;
  }
  return { input, faults };
}

function readTyped(text: string, kind: Field["kind"], schema: Schema): unknown {
  if (kind === "text") return text;
  if (kind === "choice") return choicesOf(schema).find((choice) => String(choice) === text);
  if (kind === "number") return Number.isFinite(Number(text)) ? Number(text) : undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
