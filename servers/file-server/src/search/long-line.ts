import { wholeEnd } from "../text/boundaries.ts";
import { decode, type EncodingName } from "../text/encoding.ts";
import type { LineMatcher } from "./line-matcher.ts";
import type { LineMatch } from "./search-lines.ts";
import { shownLine } from "./shown-line.ts";

/**
 * A line that is longer than a window, piece by piece. A text is found anywhere in it, an expression
 * in the first piece, of which it sees the beginning. It fits once, as every line does.
 */
export class LongLine {
  /** Where in the bytes that were given the next piece, or the next line, begins. */
  keep = 0;
  isOver = false;
  readonly #line: number;
  /** Characters of the pieces before. */
  #characters = 0;
  #isDone = false;

  /** `line` is its number, counted from 0. */
  constructor(line: number) {
    this.#line = line;
  }

  take(
    bytes: Buffer,
    isEnd: boolean,
    encoding: EncodingName,
    matcher: LineMatcher,
  ): LineMatch | undefined {
    const end = bytes.indexOf(10);
    this.isOver = end !== -1 || isEnd;
    const piece = end === -1 ? bytes : bytes.subarray(0, end);
    const found = this.#isDone ? undefined : this.#find(piece, encoding, matcher);
    this.#isDone ||= found !== undefined || !matcher.isRaw;
    if (this.isOver) this.keep = end === -1 ? bytes.length : end + 1;
    else {
      // what begins in this piece and ends in the next is in both
      this.keep = wholeEnd(bytes.subarray(0, bytes.length - matcher.overlap), encoding);
      this.#characters += decode(bytes.subarray(0, this.keep), encoding).length;
    }
    return found;
  }

  #find(piece: Buffer, encoding: EncodingName, matcher: LineMatcher): LineMatch | undefined {
    const text = decode(piece, encoding);
    const index = matcher.find(matcher.isRaw ? piece.toString("latin1") : text);
    if (index === -1) return undefined;
    const lead = matcher.isRaw ? decode(piece.subarray(0, index), encoding).length : index;
    return {
      line: this.#line + 1,
      column: this.#characters + lead + 1,
      text: shownLine(text, lead),
      before: [],
      after: [],
    };
  }
}
