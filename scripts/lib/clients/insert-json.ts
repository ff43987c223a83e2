import { type Edit, type Node, stripComments } from "jsonc-parser";
import { isRecord } from "../unknown.ts";

/** On one line, with the spaces that people write. */
export function inlineJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineJson).join(", ")}]`;
  if (!isRecord(value) || Object.keys(value).length === 0) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${inlineJson(item)}`,
  );
  return `{ ${members.join(", ")} }`;
}

/**
 * The edits that put a member last into an object, or without a key into a list, as its other
 * members are laid out. The library's own way lays the lines around it out anew.
 */
export function insertInto(
  text: string,
  parent: Node,
  key: string | number | undefined,
  value: unknown,
): Edit[] {
  const close = parent.offset + parent.length - 1;
  // behind comments too, which belong to what is before them
  const at = text.slice(0, close).trimEnd().length;
  const last = parent.children?.at(-1);
  const label = parent.type === "array" ? "" : `${JSON.stringify(key)}: `;
  const layout = layoutOf(text);
  const outer = indentAt(text, parent.offset);
  if (!last) {
    const inner = outer + layout.unit;
    const content = `${layout.eol}${inner}${label}${pretty(value, inner, layout)}`;
    return [{ offset: at, length: close - at, content: `${content}${layout.eol}${outer}` }];
  }
  const end = last.offset + last.length;
  const hasComma = stripComments(text.slice(end, close)).includes(",");
  const comma = hasComma ? [] : [{ offset: end, length: 0, content: "," }];
  const ownLine = startsLine(text, last.offset);
  const indent = ownLine ? indentAt(text, last.offset) : outer + layout.unit;
  const isFree = ownLine || text.slice(end, at).includes("//");
  const content = isFree
    ? `${layout.eol}${indent}${label}${pretty(value, indent, layout)}`
    : ` ${label}${inlineJson(value)}`;
  return [...comma, { offset: at, length: 0, content }];
}

interface Layout {
  unit: string;
  eol: string;
}

/** How the file is laid out, by its first indented line. */
const layoutOf = (text: string): Layout => ({
  unit: /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ",
  eol: text.includes("\r\n") ? "\r\n" : "\n",
});

const lineStart = (text: string, offset: number) => text.lastIndexOf("\n", offset - 1) + 1;

const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? "";

const startsLine = (text: string, offset: number): boolean =>
  text.slice(lineStart(text, offset), offset).trim() === "";

const pretty = (value: unknown, indent: string, { unit, eol }: Layout): string =>
  JSON.stringify(value, null, unit).replaceAll("\n", `${eol}${indent}`);
