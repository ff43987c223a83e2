import { patch } from "@decimalturn/toml-patch";
import { parse, stringify } from "smol-toml";
import { SharedError } from "../copy/errors.ts";
import { messageOf } from "../unknown.ts";
import type { Entry } from "./dialect.ts";
import { objectAt, sayTheSame } from "./entry.ts";

/** Reads TOML. Throws, with the line, on anything else. */
export function parseToml(text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    throw new SharedError(`it is not TOML: ${messageOf(error)}`);
  }
}

/**
 * Adds tables at the end, where they disturb nothing, and changes those that are there in their
 * place. The result is read again by another parser than the one that wrote it.
 */
export function changeToml(text: string, key: string, entries: Record<string, Entry>): string {
  const before = parseToml(text);
  const there = objectAt(before, key);
  const wanted = { ...before, [key]: { ...there, ...entries } };
  if (sayTheSame(before, wanted)) return text;
  const added = Object.entries(entries).filter(([name]) => !(name in there));
  const onlyChanged = { ...before, [key]: { ...there, ...pick(entries, there) } };
  const isChanged = !sayTheSame(before, onlyChanged);
  const patched = isChanged ? patch(text, onlyChanged) : text;
  const appended = append(patched, key, Object.fromEntries(added));
  const candidates = [appended, patch(text, wanted)];
  const right = candidates.find((candidate) => holds(candidate, wanted));
  if (right !== undefined) return right;
  throw new SharedError("it cannot be changed without touching the rest: add the entry by hand");
}

const pick = (entries: Record<string, Entry>, there: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => name in there));

function append(text: string, key: string, entries: Record<string, Entry>): string {
  if (Object.keys(entries).length === 0) return text;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const tables = stringify({ [key]: entries })
    .replace(`[${key}]\n`, "")
    .trim();
  const gap = text === "" || text.endsWith(eol + eol) ? "" : text.endsWith("\n") ? eol : eol + eol;
  return `${text}${gap}${tables.replaceAll("\n", eol)}${eol}`;
}

function holds(text: string, wanted: unknown): boolean {
  try {
    return sayTheSame(parse(text), wanted);
  } catch {
    return false;
  }
}
