import { jsonSchemaToZod } from "json-schema-to-zod";
import type { ListedTool } from "../standalone/raw-client.ts";
import { isRecord } from "../unknown.ts";

/** A tool with the file and the constant it becomes. */
export interface NamedTool {
  tool: ListedTool;
  file: string;
  identifier: string;
}

/**
 * "get_weather", "tavily-search" and "createEntities" as names of files and constants. The constants
 * end in Tool, because a tool may be called "delete" or "config"; of two that come out the same, the
 * second has a number.
 */
export function nameTools(tools: readonly ListedTool[]): NamedTool[] {
  const seen = new Map<string, number>();
  return tools.map((tool) => {
    const words = wordsOf(tool.name);
    const base = words.join("-") || "tool";
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    const number = count === 1 ? [] : [String(count)];
    const constant = [...words, "tool", ...number].map((word, at) =>
      at === 0 ? word : capital(word),
    );
    const identifier = constant.join("");
    return {
      tool,
      file: [base, ...number].join("-"),
      identifier: /^\d/.test(identifier) ? `_${identifier}` : identifier,
    };
  });
}

const wordsOf = (tool: string) =>
  tool
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z\d]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** A tool of the imported server as a definition of its own, which calls the original. */
export function renderTool({ tool, identifier }: NamedTool): string {
  const { name } = tool;
  const description = String(tool.description ?? "").trim() || `Runs ${name}.`;
  const lines = [
    `import * as z from "zod";`,
    `import { defineTool } from "#shared/core/definition.ts";`,
    `import { original } from "../original.ts";`,
    "",
    `export const ${identifier} = defineTool({`,
    `  name: ${JSON.stringify(name)},`,
    `  title: ${JSON.stringify(titleOf(tool))},`,
    `  description: ${JSON.stringify(description)},`,
    `  inputSchema: ${zodOf(tool.inputSchema)},`,
    ...(isRecord(tool.outputSchema) ? [`  outputSchema: ${zodOf(tool.outputSchema)},`] : []),
    `  annotations: ${annotationsOf(tool)},`,
    `  handler: (input, context) => original.call(${JSON.stringify(name)}, input, context),`,
    "});",
    "",
  ];
  return lines.join("\n");
}

function titleOf({ name, title, annotations }: ListedTool): string {
  const given = title ?? (isRecord(annotations) ? annotations.title : undefined);
  if (typeof given === "string" && given !== name) return given;
  return capital(wordsOf(name).join(" ")) || name;
}

/** Hints that are not stated are what the protocol takes them for: the worst. */
function annotationsOf({ annotations }: ListedTool): string {
  const hints = isRecord(annotations) ? annotations : {};
  const { readOnlyHint = false, destructiveHint = true } = hints;
  const { idempotentHint = false, openWorldHint = true } = hints;
  const writes = readOnlyHint === true ? "" : ` destructiveHint: ${String(destructiveHint)},`;
  return `{ readOnlyHint: ${String(readOnlyHint)},${writes} idempotentHint: ${String(idempotentHint)}, openWorldHint: ${String(openWorldHint)} }`;
}

export const HINTS = [
  "readOnlyHint",
  "destructiveHint",
  "idempotentHint",
  "openWorldHint",
] as const;

/** A schema of the protocol as code: always an object, its fields as they are listed. */
function zodOf(schema: unknown): string {
  const plain = isRecord(schema) ? simplified(schema) : {};
  const object = isRecord(plain) ? plain : {};
  if (!isRecord(object.properties) || Object.keys(object.properties).length === 0)
    return "z.object({})";
  return jsonSchemaToZod({ ...object, type: "object" }, { zodVersion: 4 });
}

/** "oneOf" as code is a page; any of its members that fits is what a tool can tell apart anyway. */
function simplified(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplified);
  if (!isRecord(value)) return value;
  const { oneOf, $schema: _, ...rest } = value;
  const same = Object.fromEntries(
    Object.entries(rest).map(([key, item]) => [key, simplified(item)]),
  );
  return Array.isArray(oneOf) ? { ...same, anyOf: oneOf.map(simplified) } : same;
}
