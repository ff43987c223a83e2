const LF = 10;

/** What of a window is looked at now. All but `keptLines` are offsets in its bytes where lines begin. */
export interface WindowPart {
  /** In front of it lie lines that were looked at before and are shown around others. */
  done: number;
  /** Up to here lines are looked at; behind it up to `end` they are shown around others. */
  limit: number;
  end: number;
  /** What the next window begins with, and how many lines that is before `limit`. */
  keep: number;
  keptLines: number;
}

/** Undefined when not one line behind `done` is whole. */
export function partOf(
  bytes: Buffer,
  isEnd: boolean,
  done: number,
  context: number,
): WindowPart | undefined {
  const end = isEnd ? bytes.length : bytes.lastIndexOf(LF) + 1;
  if (end <= done && !isEnd) return undefined;
  const { offset } = isEnd ? { offset: end } : linesBack(bytes, end, context);
  // lines so long that no others fit beside them are shown without
  const limit = offset > done ? offset : end;
  const { offset: keep, lines: keptLines } = linesBack(bytes, limit, context);
  return { done, limit, end, keep, keptLines };
}

/** Where the line begins that is so many lines before the beginning of another; fewer at the top. */
function linesBack(bytes: Buffer, from: number, wanted: number): { offset: number; lines: number } {
  let offset = from;
  let lines = 0;
  while (lines < wanted && offset > 0) {
    offset = offset < 2 ? 0 : bytes.lastIndexOf(LF, offset - 2) + 1;
    lines += 1;
  }
  return { offset, lines };
}
