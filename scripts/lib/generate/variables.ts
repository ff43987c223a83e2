import { SharedError } from "../copy/errors.ts";
import { isRecord } from "../unknown.ts";
import type { VariableFacts } from "./facts.ts";

/**
 * The part of a zod schema that is asked here. It comes from the server's own copy of zod, so it is
 * known by its shape and not by its class.
 */
interface Schema {
  safeParse(value: unknown): { success: boolean; data?: unknown };
  toJSONSchema(options: { io: "input"; unrepresentable: "any" }): unknown;
}

function isSchema(value: unknown): value is Schema {
  if (typeof value !== "object" || value === null) return false;
  return (
    "safeParse" in value &&
    typeof value.safeParse === "function" &&
    "toJSONSchema" in value &&
    typeof value.toJSONSchema === "function"
  );
}

export type KindOf = (schema: unknown) => unknown;

/** Reads the variables that a server's `defineConfig` holds; `standard` are those of every server. */
export function readVariables(
  variables: unknown,
  standard: unknown,
  kindOf: KindOf,
): VariableFacts[] {
  if (!isRecord(variables)) throw new SharedError("its config has no variables");
  const isStandard = (name: string) => isRecord(standard) && name in standard;
  const all = Object.entries(variables).map(([name, variable]) => ({
    ...readVariable(name, variable, kindOf),
    standard: isStandard(name),
  }));
  return [...all.filter((one) => !one.standard), ...all.filter((one) => one.standard)];
}

function readVariable(
  name: string,
  variable: unknown,
  kindOf: KindOf,
): Omit<VariableFacts, "standard"> {
  if (!isRecord(variable) || !isSchema(variable.schema) || typeof variable.describe !== "string")
    throw new SharedError(`${name} has no schema or no describe`);
  const { schema, describe, from, profiles } = variable;
  const absent = schema.safeParse(undefined);
  const fallback = absent.success ? asText(name, absent.data) : undefined;
  const choices = choicesOf(schema);
  return {
    name,
    describe,
    secret: variable.secret === true,
    required: !absent.success,
    profiles: isRecord(profiles)
      ? Object.fromEntries(Object.entries(profiles).map(([key, value]) => [key, String(value)]))
      : {},
    type: typeOf(schema),
    kind: asKind(kindOf(schema)),
    ...(fallback !== undefined && { default: fallback }),
    ...(typeof from === "string" && { from }),
    ...(choices && { choices }),
    ...(variable.family === true && { family: true as const }),
  };
}

/** A default as one would write it; undefined when there is nothing to write. */
function asText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.length > 0 ? value.join(",") : undefined;
  if (["string", "number", "boolean"].includes(typeof value)) return String(value) || undefined;
  throw new SharedError(
    `the default of ${name} is neither text, number, boolean nor a list of them, so it cannot be written down`,
  );
}

const asKind = (kind: unknown) => {
  if (Array.isArray(kind)) return kind.map(String);
  return isRecord(kind) ? kind : String(kind);
};

function choicesOf(schema: Schema): string[] | undefined {
  const json = schema.toJSONSchema({ io: "input", unrepresentable: "any" });
  return isRecord(json) && Array.isArray(json.enum) ? json.enum.map(String) : undefined;
}

/** A number of some size that the schema may have in its range. */
const NUMBERS = ["0", "1", "10", "100", "1000", "10000", "100000", "1000000"];

/** A variable is text, whatever it means; what it means shows in what the schema makes of it. */
function typeOf(schema: Schema): VariableFacts["type"] {
  const made = (text: string) => {
    const parsed = schema.safeParse(text);
    return parsed.success ? parsed.data : undefined;
  };
  if (made("true") === true && made("false") === false) return "boolean";
  return NUMBERS.some((text) => typeof made(text) === "number") ? "number" : "string";
}
