import { refuse } from "../sandbox/refuse.ts";
import { findAll, type Range } from "./find.ts";
import { CR, encodeUnits, LF, type Units } from "./units.ts";

export interface Edit {
  old: string;
  new: string;
  /** How often `old` must be there; each is replaced. */
  count: number;
}

export interface Replacement extends Range {
  by: Units["data"];
}

/** Places that are counted of a text that is there more often than was said. */
export const COUNTED = 1_000;

/**
 * What to replace by what, in the order of the text. All edits are looked for in the text as it is,
 * so that none can hit what another one put there.
 */
export function planEdits(units: Units, edits: readonly Edit[], path: string): Replacement[] {
  const all = edits.flatMap((edit, index) => planOne(units, edit, index, path));
  all.sort((a, b) => a.start - b.start);
  for (const [index, { start }] of all.entries()) {
    const before = all[index - 1];
    if (before && before.end > start) throw refuse("overlap", { path });
  }
  return all;
}

function planOne(units: Units, edit: Edit, index: number, path: string): Replacement[] {
  const { data, encoding } = units;
  const wanted = encodeUnits(edit.old, encoding, path);
  const ranges = findAll(data, wanted, Math.max(edit.count + 1, COUNTED));
  const details = { edit: index, found: ranges.length, count: edit.count };
  if (ranges.length === 0)
    throw refuse("no_match", {
      path,
      because: `edits[${index}].old is not in the file. Read it again and copy the text exactly, spaces too`,
      details,
    });
  if (ranges.length !== edit.count)
    throw refuse("ambiguous_match", {
      path,
      because: `edits[${index}].old is there ${ranges.length} times, not ${edit.count}. Give more of the text around it, or set count`,
      details: {
        ...details,
        lines: ranges.slice(0, SHOWN_LINES).map(({ start }) => lineOf(data, start)),
      },
    });
  return ranges.map((range) => {
    const text = withEnds(edit.new, endsIn(data, range));
    return { ...range, by: encodeUnits(text, encoding, path) };
  });
}

export const SHOWN_LINES = 20;

/** Number of the line that a place is in, from 1. */
export function lineOf(data: Units["data"], at: number): number {
  let line = 1;
  for (let i = data.indexOf(LF); i !== -1 && i < at; i = data.indexOf(LF, i + 1)) line += 1;
  return line;
}

type End = "\n" | "\r\n";

/** How the lines of a part end, each of them; where it has none, how the next line does or the last. */
function endsIn(data: Units["data"], { start, end }: Range): End[] {
  const ends: End[] = [];
  for (let at = data.indexOf(LF, start); at !== -1 && at < end; at = data.indexOf(LF, at + 1))
    ends.push(endAt(data, at));
  if (ends.length > 0) return ends;
  const next = data.indexOf(LF, end);
  const near = next === -1 ? data.lastIndexOf(LF, start) : next;
  return [near === -1 ? "\n" : endAt(data, near)];
}

const endAt = (data: Units["data"], at: number): End => (data[at - 1] === CR ? "\r\n" : "\n");

/** Line feeds become the ends that stood there, one by one; `\r\n` was meant and stays. */
function withEnds(text: string, ends: readonly End[]): string {
  let line = 0;
  return text.replace(/\r?\n/g, (given) => {
    const end = ends[Math.min(line, ends.length - 1)] ?? "\n";
    line += 1;
    return given === "\n" ? end : given;
  });
}

/** The text with its replacements, piece by piece. */
export function* applied(data: Units["data"], all: readonly Replacement[]) {
  let at = 0;
  for (const { start, end, by } of all) {
    yield data.subarray(at, start);
    yield by;
    at = end;
  }
  yield data.subarray(at);
}
