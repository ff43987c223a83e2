import { isAscii, isUtf8 } from "node:buffer";
import type { ReadHandle } from "../sandbox/disk-calls.ts";
import { wholeEnd } from "../text/boundaries.ts";
import { decode, type Encoding, type EncodingName, unitOf } from "../text/encoding.ts";

/** Bytes of a file that are looked at together, whatever its size. */
export const WINDOW_BYTES = 262_144;
/** Memory for one search, used for each file in turn. */
export const windowBuffer = (bytes: number = WINDOW_BYTES): Buffer => Buffer.allocUnsafeSlow(bytes);

/** A character of UTF-16, whole: fewer bytes are not read. */
const LEAST_WIDE_BYTES = 4;

export interface TextWindow {
  /** Part of the buffer that was given: it holds until the next one is asked for. */
  bytes: Buffer;
  isEnd: boolean;
}

/**
 * A file from its beginning, in overlapping parts of one buffer: each begins with the bytes of the
 * one before that are kept. Lines end with a byte 10 in all of them, because UTF-16 comes as UTF-8.
 */
export class TextWindows {
  /** Of the bytes that are given out. Where only ASCII was seen so far, it may turn out to be another. */
  encoding: EncodingName;
  readonly #handle: ReadHandle;
  readonly #buffer: Buffer;
  readonly #given: Encoding;
  #position: number;
  #filled: number;
  /** The buffer holds all of it from the start. */
  #isRead: boolean;

  /** `filled` are the first bytes of the file, which the buffer holds already. */
  constructor(handle: ReadHandle, buffer: Buffer, given: Encoding, filled = 0) {
    this.#handle = handle;
    this.#buffer = buffer;
    this.#given = given;
    this.encoding = this.#isWide ? "utf-8" : (given.name ?? "utf-8");
    const isUsed = !this.#isWide && filled > given.bom;
    this.#position = isUsed ? filled : given.bom;
    buffer.copyWithin(0, given.bom, this.#position);
    this.#filled = this.#position - given.bom;
    this.#isRead = isUsed && filled < buffer.length;
  }

  /** The bytes from `keep` on, and what follows them in the file. */
  async next(keep: number): Promise<TextWindow> {
    this.#buffer.copyWithin(0, keep, this.#filled);
    this.#filled -= keep;
    const isEnd = this.#isWide ? await this.#addWide() : await this.#add();
    const bytes = this.#buffer.subarray(0, this.#filled);
    if (this.#given.name === undefined && !isAscii(bytes)) {
      const whole = isEnd ? bytes : bytes.subarray(0, wholeEnd(bytes, "utf-8"));
      this.encoding = isUtf8(whole) ? "utf-8" : "windows-1252";
    }
    return { bytes, isEnd };
  }

  get #isWide(): boolean {
    return unitOf(this.#given) === 2;
  }

  async #add(): Promise<boolean> {
    if (this.#isRead) return true;
    while (this.#filled < this.#buffer.length) {
      const room = this.#buffer.length - this.#filled;
      const { bytesRead } = await this.#handle.read(
        this.#buffer,
        this.#filled,
        room,
        this.#position,
      );
      this.#position += bytesRead;
      this.#filled += bytesRead;
      if (bytesRead < room) return true; // a regular file gives less only at its end
    }
    return false;
  }

  #wideRoom(): number {
    const room = Math.floor((this.#buffer.length - this.#filled) / 3) * 2;
    return room < LEAST_WIDE_BYTES ? 0 : room;
  }

  async #addWide(): Promise<boolean> {
    const { name = "utf-16le" } = this.#given;
    // two bytes of UTF-16 are up to three of UTF-8
    for (let room = this.#wideRoom(); room > 0; room = this.#wideRoom()) {
      const pairs = Buffer.allocUnsafe(room);
      const { bytesRead } = await this.#handle.read(pairs, 0, room, this.#position);
      const isEnd = bytesRead < room;
      const whole = isEnd ? bytesRead : wholeEnd(pairs, name);
      this.#position += whole;
      this.#filled += this.#buffer.write(decode(pairs.subarray(0, whole), name), this.#filled);
      if (isEnd) return true;
    }
    return false;
  }
}
