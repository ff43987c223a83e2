import type { EncodingName } from "../text/encoding.ts";
import type { LineMatcher } from "./line-matcher.ts";
import { LongLine } from "./long-line.ts";
import { shownLine, withoutReturn } from "./shown-line.ts";
import type { TextWindows } from "./text-windows.ts";
import { partOf } from "./window-part.ts";
import { WindowText } from "./window-text.ts";

export interface LineMatch {
  /** From 1. */
  line: number;
  column: number;
  text: string;
  before: string[];
  after: string[];
}

export interface LineSearch {
  matcherFor(encoding: EncodingName): LineMatcher;
  /** Lines around that are shown. */
  context: number;
}

/** A match, or how many lines are done: a turn for whoever counts the time. */
export type Found = LineMatch | number;

/** The lines that fit, window by window; one that is longer than a window is looked at in pieces. */
export async function* matchesIn(windows: TextWindows, search: LineSearch): AsyncGenerator<Found> {
  const { matcherFor, context } = search;
  let [keep, done, line] = [0, 0, 0];
  let long: LongLine | undefined;
  for (;;) {
    const { bytes, isEnd } = await windows.next(keep);
    const part = long ? undefined : partOf(bytes, isEnd, done, context);
    if (part) {
      const matcher = matcherFor(windows.encoding);
      const text = new WindowText(bytes, part, windows.encoding, matcher.isRaw);
      if (isEnd && matcher.seek(text.text, text.from) === -1) return; // so end most files
      const reached = yield* matchesInWindow(text, matcher, line, context);
      if (isEnd) return;
      line = reached - part.keptLines;
      done = part.limit - part.keep;
      keep = part.keep;
    } else if (!long && done > 0) {
      // a line that needs the room of those that are kept
      line += countLines(bytes, done);
      [keep, done] = [done, 0];
    } else {
      long ??= new LongLine(line);
      const found = long.take(bytes, isEnd, windows.encoding, matcherFor(windows.encoding));
      if (found) yield found;
      keep = long.keep;
      if (long.isOver) {
        long = undefined;
        line += 1;
      }
      if (isEnd && keep >= bytes.length) return;
    }
    yield line;
  }
}

/** Returns the number of the line behind the last one that was looked at. */
function* matchesInWindow(
  window: WindowText,
  matcher: LineMatcher,
  first: number,
  context: number,
): Generator<Found, number> {
  const { text, from, limit } = window;
  let [at, line, counted] = [from, first, 0];
  while (at < limit) {
    const found = matcher.seek(text, at);
    if (found === -1 || found >= limit) break;
    const start = found === 0 ? 0 : text.lastIndexOf("\n", found - 1) + 1;
    const end = window.endOf(start);
    line += window.countLines(counted, start);
    counted = start;
    const content = withoutReturn(text.slice(start, end));
    const index = matcher.find(content);
    if (index === -1) yield line;
    else {
      const lead = window.shown(content.slice(0, index)).length;
      yield {
        line: line + 1,
        column: lead + 1,
        text: shownLine(window.shown(content), lead),
        before: window.before(start, context).map((one) => shownLine(one)),
        after: window.after(end, context).map((one) => shownLine(one)),
      };
    }
    at = end + 1;
  }
  return line + window.countLines(counted, limit);
}

function countLines(bytes: Buffer, to: number): number {
  let count = 0;
  for (let i = bytes.indexOf(10); i !== -1 && i < to; i = bytes.indexOf(10, i + 1)) count += 1;
  return count;
}
