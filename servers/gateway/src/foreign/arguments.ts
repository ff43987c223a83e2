import type { Ajv2020, ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import type { JsonObject, ToolListing } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import type { PlainSchema } from "./plain-schema.ts";
import { spend, withinSteps } from "./steps.ts";

/** Characters of a schema, as JSON, that are compiled; of a larger one the server alone judges. */
export const MAX_SCHEMA_LENGTH = 65_536;
/** Faults that one answer names. */
const MAX_ISSUES = 20;

type Check = ValidateFunction | "unknown";
const checks = new WeakMap<ToolListing, Check>();

/**
 * Refuses arguments that a foreign tool's schema does not allow, before they are sent. Mild, because
 * the server decides in the end: "5" passes for 5, formats are not looked at, and what cannot be
 * compiled, or not be judged in a bounded number of steps, is allowed. Throws a ToolError that names
 * each fault.
 */
export async function checkArguments(tool: ToolListing, input: unknown): Promise<void> {
  const check = checks.get(tool) ?? (await compile(tool.inputSchema));
  checks.set(tool, check);
  if (check === "unknown") return;
  // what is coerced is coerced in place
  const isFine = withinSteps(() => check(structuredClone(input))) ?? true;
  if (isFine) return;
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

/** Knows what a schema is. Made once, because it is a large schema itself. */
let meta: Ajv2020 | undefined;

async function compile(schema: JsonObject): Promise<Check> {
  // loaded when a foreign tool is called
  const { COST, plainSchema } = await import("./plain-schema.ts");
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const plain = withinSteps(() =>
    JSON.stringify(schema).length > MAX_SCHEMA_LENGTH ? undefined : plainSchema(schema),
  );
  if (!plain) return "unknown";
  const compiled = plain.schema as JsonObject;
  try {
    meta ??= new Ajv2020({ strict: false, logger: false });
    if (!meta.validateSchema(compiled)) return "unknown";
    return addKeywords(new Ajv2020(options(plain)), COST).compile(compiled);
  } catch {
    return "unknown";
  }
}

const options = ({ patterns }: PlainSchema) => ({
  strict: false,
  validateFormats: false,
  allErrors: true,
  coerceTypes: "array" as const,
  logger: false as const,
  // one that is written into each place that refers to it may make any number of itself
  inlineRefs: false,
  // done before, by the one that is made for it
  validateSchema: false,
  code: {
    // it takes longer than it saves
    optimize: false,
    regExp: Object.assign((pattern: string) => patterns.get(pattern) ?? NONE, { code: "linear" }),
  },
});

/** Never asked for: all patterns of a plain schema are in its map. */
const NONE = { test: () => true };

/** Keywords of ours: what a part costs, and members that are told apart in one go and not each from each. */
function addKeywords(ajv: Ajv2020, cost: string): Ajv2020 {
  ajv.removeKeyword("uniqueItems");
  return ajv
    .addKeyword({
      keyword: cost,
      schemaType: "number",
      validate: (steps: number) => {
        spend(steps);
        return true;
      },
    })
    .addKeyword({
      keyword: "uniqueItems",
      type: "array",
      schemaType: "boolean",
      error: { message: "must NOT have duplicate items" },
      validate: (on: boolean, items: unknown[]) =>
        !on || new Set(items.map((item) => JSON.stringify(item))).size === items.length,
    });
}

function issueOf({ instancePath, message = "is not valid", keyword, params }: ErrorObject) {
  const path = instancePath.split("/").slice(1).map(unescaped).join(".");
  const extra = keyword === "additionalProperties" ? `: ${String(params.additionalProperty)}` : "";
  return { path, message: message + extra };
}

const unescaped = (key: string) => key.replaceAll("~1", "/").replaceAll("~0", "~");
