import { isAscii } from "node:buffer";
import { decode, type EncodingName } from "../text/encoding.ts";
import type { WindowPart } from "./window-part.ts";

/** The lines of a part of a window as one text, which numbers of characters belong to. */
export class WindowText {
  readonly text: string;
  /** Between these two lines are looked at. */
  readonly from: number;
  readonly limit: number;
  readonly #isRaw: boolean;
  readonly #encoding: EncodingName;

  /** `isRaw`: every byte is a character, and nothing is decoded but what is shown. */
  constructor(bytes: Buffer, part: WindowPart, encoding: EncodingName, isRaw: boolean) {
    const whole = bytes.subarray(0, part.end);
    const isPlain = isRaw || isAscii(whole);
    const textOf = (end: number) =>
      isPlain ? whole.toString("latin1", 0, end) : decode(whole.subarray(0, end), encoding);
    const lengthOf = (end: number) => (isPlain ? end : textOf(end).length);
    this.text = textOf(part.end);
    this.from = lengthOf(part.done);
    this.limit = part.limit === part.end ? this.text.length : lengthOf(part.limit);
    this.#isRaw = isRaw;
    this.#encoding = encoding;
  }

  /** A part of the text as it is read. */
  shown(part: string): string {
    return this.#isRaw ? decode(Buffer.from(part, "latin1"), this.#encoding) : part;
  }

  /** Lines in front of a line, the nearest last. */
  before(start: number, count: number): string[] {
    const lines: string[] = [];
    for (let end = start - 1; lines.length < count && end >= 0; ) {
      const begin = end === 0 ? 0 : this.text.lastIndexOf("\n", end - 1) + 1;
      lines.unshift(this.shown(this.text.slice(begin, end)));
      end = begin - 1;
    }
    return lines;
  }

  /** Lines behind the line that ends here. */
  after(end: number, count: number): string[] {
    const lines: string[] = [];
    for (let begin = end + 1; lines.length < count && begin < this.text.length; ) {
      const next = this.endOf(begin);
      lines.push(this.shown(this.text.slice(begin, next)));
      begin = next + 1;
    }
    return lines;
  }

  endOf(start: number): number {
    const end = this.text.indexOf("\n", start);
    return end === -1 ? this.text.length : end;
  }

  countLines(from: number, to: number): number {
    let count = 0;
    for (let i = this.text.indexOf("\n", from); i !== -1 && i < to; count += 1)
      i = this.text.indexOf("\n", i + 1);
    return count;
  }
}
