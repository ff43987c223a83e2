import type { Replacement } from "./plan-edits.ts";
import { decodeUnits, LF, type Units } from "./units.ts";

/** Lines around a change. */
const CONTEXT = 3;
/** Characters of a whole diff, and of one line of it. */
export const MAX_DIFF_CHARS = 30_000;
export const MAX_DIFF_LINE_CHARS = 500;

/** A part of whole lines, old and new. */
interface Hunk {
  start: number;
  end: number;
  replacements: Replacement[];
}

/** What the replacements change, as a unified diff. Takes time for what changes and lines before it. */
export function unifiedDiff(units: Units, all: readonly Replacement[], path: string): string {
  const lines = [`--- ${path}`, `+++ ${path}`];
  let line = 1;
  let at = 0;
  let shift = 0;
  let left = MAX_DIFF_CHARS;
  for (const hunk of hunksOf(units.data, all)) {
    line += countLines(units.data, at, hunk.start);
    at = hunk.start;
    const shown = showHunk(units, hunk, line, shift);
    shift += shown.added;
    for (const text of shown.lines) {
      left -= text.length + 1;
      if (left < 0) return `${lines.join("\n")}\n... the rest of the diff is left out\n`;
      lines.push(text);
    }
  }
  return lines.length === 2 ? "" : `${lines.join("\n")}\n`;
}

/** Replacements with the lines around them; those that are near each other together. */
function hunksOf(data: Units["data"], all: readonly Replacement[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const replacement of all) {
    const start = back(data, replacement.start, CONTEXT);
    const end = forward(data, replacement.end, CONTEXT);
    const last = hunks.at(-1);
    if (last && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.replacements.push(replacement);
    } else hunks.push({ start, end, replacements: [replacement] });
  }
  return hunks;
}

/** The start of the line, and of `lines` lines before it. */
function back(data: Units["data"], from: number, lines: number): number {
  let at = from;
  for (let i = 0; i <= lines; i += 1) {
    const end = at === 0 ? -1 : data.lastIndexOf(LF, i === 0 ? at - 1 : at - 2);
    if (end === -1 || (i > 0 && at < 2)) return 0;
    at = end + 1;
  }
  return at;
}

/** The end of the line, and of `lines` lines behind it. */
function forward(data: Units["data"], from: number, lines: number): number {
  let at = from;
  // a replacement that ends with its line needs no rest of it
  const wholes = from > 0 && data[from - 1] === LF ? lines : lines + 1;
  for (let i = 0; i < wholes; i += 1) {
    const end = data.indexOf(LF, at);
    if (end === -1) return data.length;
    at = end + 1;
  }
  return at;
}

function countLines(data: Units["data"], from: number, to: number): number {
  let count = 0;
  for (let i = data.indexOf(LF, from); i !== -1 && i < to; i = data.indexOf(LF, i + 1)) count += 1;
  return count;
}

function showHunk({ data, encoding }: Units, hunk: Hunk, line: number, shift: number) {
  const text = (part: Units["data"]) => decodeUnits(part, encoding);
  let after = "";
  let at = hunk.start;
  for (const { start, end, by } of hunk.replacements) {
    after += text(data.subarray(at, start)) + text(by);
    at = end;
  }
  after += text(data.subarray(at, hunk.end));
  const [old, made] = [cut(text(data.subarray(hunk.start, hunk.end))), cut(after)];
  const body = lineDiff(old, made);
  const header = `@@ -${span(line, old.length)} +${span(line + shift, made.length)} @@`;
  return { lines: body.length > 0 ? [header, ...body] : [], added: made.length - old.length };
}

const span = (line: number, count: number) => (count === 0 ? `${line - 1},0` : `${line},${count}`);

/** Lines with their ends: a line whose end alone changes is another line. */
const cut = (text: string) => text.split(/(?<=\n)/).filter((line) => line !== "");

/** What both begin and end with is context; all between is taken out and put in. */
function lineDiff(old: readonly string[], made: readonly string[]): string[] {
  const most = Math.min(old.length, made.length);
  let head = 0;
  while (head < most && old[head] === made[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === made.at(-1 - tail)) tail += 1;
  if (head === old.length && head === made.length) return [];
  return [
    ...old.slice(0, head).map((line) => show(" ", line)),
    ...old.slice(head, old.length - tail).map((line) => show("-", line)),
    ...made.slice(head, made.length - tail).map((line) => show("+", line)),
    ...old.slice(old.length - tail).map((line) => show(" ", line)),
  ];
}

function show(sign: string, line: string): string {
  const bare = line.replace(/\r?\n$/, "");
  const rest = line.endsWith("\n") ? "" : "\n\\ No newline at end of file";
  const isLong = bare.length > MAX_DIFF_LINE_CHARS;
  return `${sign}${isLong ? `${bare.slice(0, MAX_DIFF_LINE_CHARS)}...` : bare}${rest}`;
}
