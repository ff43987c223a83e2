// Copied from shared/core/result-text.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { JsonObject } from "./contract.ts";

/** Characters of JSON from which it is kept: of less, to keep it costs as much as to write it again. */
export const MIN_KEPT_CHARACTERS = 1_000;

const KEY = Symbol.for("flotilla.structured-text");
const everywhere = globalThis as { [KEY]?: WeakMap<JsonObject, string> };
everywhere[KEY] ??= new WeakMap();
/** One for all copies of this file in a process: the gateway sends what servers beside it have made. */
const texts = everywhere[KEY];

/**
 * The structured value of a result as JSON, kept until the result is sent, because it goes out twice.
 * The value must not be changed from here on: whoever wants another one makes another object.
 */
export function writeStructured(structured: JsonObject): string {
  const text = JSON.stringify(structured);
  if (text.length >= MIN_KEPT_CHARACTERS) texts.set(structured, text);
  return text;
}

/** `JSON.stringify` of a structured value, without writing again what was kept. */
export const textOf = (structured: JsonObject): string =>
  texts.get(structured) ?? JSON.stringify(structured);

/** `JSON.stringify` of the result of a request, without writing again what was kept. */
export function writeResult(result: object): string {
  const { content, structuredContent }: { content?: unknown; structuredContent?: JsonObject } =
    result;
  const text = structuredContent && texts.get(structuredContent);
  if (text === undefined || Object.keys(result).join() !== "content,structuredContent")
    return JSON.stringify(result);
  return `{"content":${JSON.stringify(content)},"structuredContent":${text}}`;
}
