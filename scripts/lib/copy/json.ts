import { readFileSync } from "node:fs";
import { SharedError } from "./errors.ts";

export type JsonObject = Record<string, unknown>;

/** Reads and parses one JSON file; `name` is how messages call it. */
export function readJson(path: string, name: string): JsonObject {
  const text = readFileSync(path, "utf8");
  try {
    return asObject(JSON.parse(text), name);
  } catch (error) {
    if (error instanceof SharedError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SharedError(`${name} is not JSON (${why})`);
  }
}

export function asObject(value: unknown, name: string): JsonObject {
  if (isObject(value)) return value;
  throw new SharedError(`${name} must be a JSON object`);
}

export function asText(value: unknown, name: string): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new SharedError(`${name} must be a text that is not empty`);
}

export function asTexts(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw new SharedError(`${name} must be a list of texts`);
  return value.map((item, index) => asText(item, `${name}[${index}]`));
}

export function asTextRecord(value: unknown, name: string): Record<string, string> {
  const entries = Object.entries(asObject(value, name));
  return Object.fromEntries(entries.map(([key, item]) => [key, asText(item, `${name}.${key}`)]));
}

/** A path with forward slashes that cannot leave the folder it is relative to. */
export function asInnerPath(value: unknown, name: string): string {
  const path = asText(value, name);
  const outside = path.split("/").some((part) => part === "" || part === "." || part === "..");
  if (outside || /[\\:]/.test(path)) {
    throw new SharedError(`${name}: "${path}" must be a relative path inside the server`);
  }
  return path;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
