import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import type { JsonObject, ToolListing } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { isObject } from "./wire.ts";

/** Characters of a schema, as JSON, that are compiled; of a larger one the server alone judges. */
export const MAX_SCHEMA_LENGTH = 65_536;
/** Faults that one answer names. */
const MAX_ISSUES = 20;

type Check = ValidateFunction | "unknown";
const checks = new WeakMap<ToolListing, Check>();

/**
 * Refuses arguments that a foreign tool's schema does not allow, before they are sent. Mild, because
 * the server decides in the end: "5" passes for 5, formats and patterns are not looked at, and a schema
 * that cannot be compiled allows everything. Throws a ToolError that names each fault.
 */
export async function checkArguments(tool: ToolListing, input: unknown): Promise<void> {
  const check = checks.get(tool) ?? (await compile(tool.inputSchema));
  checks.set(tool, check);
  // what is coerced is coerced in place
  if (check === "unknown" || check(structuredClone(input))) return;
  const issues = (check.errors ?? []).slice(0, MAX_ISSUES).map(issueOf);
  const shown = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  throw new ToolError(
    "VALIDATION_ERROR",
    `${tool.name} cannot take this input: ${shown.join("; ")}.`,
    {
      details: { issues },
    },
  );
}

async function compile(schema: JsonObject): Promise<Check> {
  if (JSON.stringify(schema).length > MAX_SCHEMA_LENGTH) return "unknown";
  // loaded when a foreign tool is called
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const options = {
    strict: false,
    validateFormats: false,
    allErrors: true,
    coerceTypes: "array",
  } as const;
  try {
    return new Ajv2020({ ...options, logger: false }).compile(plain(schema) as JsonObject);
  } catch {
    return "unknown";
  }
}

const PATTERNS = ["pattern", "patternProperties"];
const IDENTITIES = ["$schema", "$id", "id"];

/**
 * Without regular expressions, which a foreign server could make as slow as it likes, and without a
 * name or dialect of its own.
 */
function plain(node: unknown, isMap = false): unknown {
  if (Array.isArray(node)) return node.map((one) => plain(one));
  if (!isObject(node)) return node;
  const dropped = isMap ? [] : [...PATTERNS, ...IDENTITIES];
  // what a pattern allows is not additional
  if (!isMap && "patternProperties" in node) dropped.push("additionalProperties");
  const kept = Object.entries(node).filter(([key]) => !dropped.includes(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      VALUES.has(key) && !isMap ? value : plain(value, !isMap && MAPS.has(key)),
    ]),
  );
}

/** Keywords whose keys are names, not keywords; and those whose values are data. */
const MAPS = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);
const VALUES = new Set(["const", "enum", "default", "examples"]);

function issueOf({ instancePath, message = "is not valid", keyword, params }: ErrorObject) {
  const path = instancePath.split("/").slice(1).map(unescaped).join(".");
  const extra = keyword === "additionalProperties" ? `: ${String(params.additionalProperty)}` : "";
  return { path, message: message + extra };
}

const unescaped = (key: string) => key.replaceAll("~1", "/").replaceAll("~0", "~");
