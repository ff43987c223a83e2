import { refuse } from "../sandbox/refuse.ts";
import { wholeEnd } from "./boundaries.ts";
import { type Encoding, unitOf } from "./encoding.ts";
import { type Excerpt, MAX_LINE_BYTES } from "./excerpt.ts";
import { type LinePlace, lineEnd, MAX_SCAN_BYTES, skipLines } from "./newlines.ts";
import type { Source } from "./source.ts";

export interface LineRange {
  start: number;
  /** Included; Infinity for as many as fit. */
  end: number;
  maxBytes: number;
}

/** The lines of a range, as many as fit. A line that is too long is cut and says how to go on. */
export async function readLines(
  source: Source,
  range: LineRange,
  encoding: Encoding,
  path: string,
): Promise<Excerpt> {
  const from = await findLine(source, range.start, encoding, path);
  const reading = new LineReading(source, range, encoding, from);
  while (await reading.readWindow());
  return reading.excerpt();
}

async function findLine(
  source: Source,
  line: number,
  encoding: Encoding,
  path: string,
): Promise<LinePlace> {
  const beginning = { line: 1, offset: encoding.bom };
  const scan = await skipLines(source, beginning, line, encoding);
  const { at } = scan;
  // a line feed at the very end begins no further line
  const isBehindEnd = at.offset >= source.size && line > 1;
  if (scan.found && !isBehindEnd) return at;
  if (scan.found || scan.isEnd) {
    const lines = isBehindEnd ? at.line - 1 : at.line;
    throw refuse("invalid_range", {
      path,
      because: `Line ${line} is behind the end: the file has ${lines} lines`,
      details: { total_lines: lines },
    });
  }
  throw refuse("too_large", {
    path,
    because: `Line ${line} is not among the first ${MAX_SCAN_BYTES} bytes. Go on with offset=${at.offset}, where line ${at.line} begins, or use tail`,
    details: { line: at.line, offset: at.offset },
  });
}

class LineReading {
  readonly #source: Source;
  readonly #range: LineRange;
  readonly #encoding: Encoding;
  readonly #excerpt: Excerpt;
  #offset: number;
  #line: number;
  /** Whether the line number of `#offset` is known: behind a cut line it may not be. */
  #isLineStart = true;
  #left: number;

  constructor(source: Source, range: LineRange, encoding: Encoding, from: LinePlace) {
    this.#source = source;
    this.#range = range;
    this.#encoding = encoding;
    this.#offset = from.offset;
    this.#line = from.line;
    this.#left = range.maxBytes - (range.maxBytes % unitOf(encoding));
    const { offset: startOffset, line: startLine } = from;
    this.#excerpt = { pieces: [], startOffset, endOffset: startOffset, startLine, cutOffsets: [] };
  }

  /** Takes the lines of as many bytes as are left. False when that was all. */
  async readWindow(): Promise<boolean> {
    if (this.#line > this.#range.end || this.#left < 1) return false;
    const window = await this.#source.read(this.#offset, this.#left);
    if (window.length === 0) return false;
    const { lines, bytes, isStoppedByLong } = this.#takeLines(window);
    this.#push(window.subarray(0, bytes));
    this.#line += lines;
    return isStoppedByLong && this.#cutLine(window.subarray(bytes));
  }

  excerpt(): Excerpt {
    const { size } = this.#source;
    const isEnd = this.#offset >= size;
    const last = this.#isLineStart ? this.#line - 1 : this.#line;
    return {
      ...this.#excerpt,
      endOffset: this.#offset,
      endLine: last,
      ...(isEnd ? { totalLines: last } : this.#isLineStart && { nextLine: this.#line }),
    };
  }

  /** Whole lines at the beginning of a window, up to one that is too long or does not fit any more. */
  #takeLines(window: Buffer): { lines: number; bytes: number; isStoppedByLong: boolean } {
    const wanted = this.#range.end - this.#line + 1;
    const isLastWindow = this.#offset + window.length >= this.#source.size;
    let lines = 0;
    let bytes = 0;
    while (lines < wanted && bytes < window.length) {
      const found = lineEnd(window, bytes, this.#encoding);
      const isWhole = found !== -1 || isLastWindow;
      const end = found === -1 ? window.length : found;
      if (end - bytes > MAX_LINE_BYTES) return { lines, bytes, isStoppedByLong: true };
      // a first line that does not fit is cut, or the reading would never get on
      if (!isWhole) return { lines, bytes, isStoppedByLong: lines === 0 && this.#isEmpty() };
      bytes = end;
      lines += 1;
    }
    return { lines, bytes, isStoppedByLong: false };
  }

  #isEmpty(): boolean {
    return this.#excerpt.pieces.length === 0;
  }

  #push(bytes: Buffer, marker?: string): void {
    if (bytes.length > 0) this.#excerpt.pieces.push({ bytes, ...(marker && { marker }) });
    this.#offset += bytes.length;
    this.#left -= bytes.length;
  }

  /** Shows the beginning of a long line and goes to the next one, if more are wanted. */
  async #cutLine(rest: Buffer): Promise<boolean> {
    const shown = rest.subarray(0, MAX_LINE_BYTES);
    const head = shown.subarray(0, wholeEnd(shown, this.#encoding.name));
    const restOffset = this.#offset + head.length;
    const line = this.#line;
    this.#push(head, `…[line ${line} is cut here; the rest: offset=${restOffset}]\n`);
    this.#excerpt.cutOffsets.push(restOffset);
    this.#isLineStart = false;
    if (line >= this.#range.end) return false;
    const here = { line, offset: restOffset };
    const next = await skipLines(this.#source, here, line + 1, this.#encoding);
    if (!next.found) return false;
    this.#offset = next.at.offset;
    this.#line = next.at.line;
    this.#isLineStart = true;
    return true;
  }
}
