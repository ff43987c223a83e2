import type { EncodingName } from "./encoding.ts";

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** Bytes of the character that a lead byte of UTF-8 begins; 1 for a byte that begins none. */
function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

const unitAt = (bytes: Buffer, at: number, name: EncodingName) =>
  name === "utf-16be" ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);

const isWide = (name: EncodingName | undefined): name is "utf-16le" | "utf-16be" =>
  name === "utf-16le" || name === "utf-16be";

/** Bytes up to the end of the last whole character. An encoding that is not known may be UTF-8. */
export function wholeEnd(bytes: Buffer, name: EncodingName | undefined): number {
  if (name === "windows-1252") return bytes.length;
  if (isWide(name)) {
    const even = bytes.length & ~1;
    const isHalf = even >= 2 && (unitAt(bytes, even - 2, name) & 0xfc00) === 0xd800;
    return isHalf ? even - 2 : even;
  }
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/**
 * Bytes at the beginning of `bytes` that belong to a character begun in `before`, the bytes in front.
 * Both functions see characters alike, so that parts which follow each other lose nothing, not even
 * in a file that is no UTF-8 after all.
 */
export function wholeStart(before: Buffer, bytes: Buffer, name: EncodingName | undefined): number {
  if (name === "windows-1252") return 0;
  const missing = before.length - wholeEnd(before, name);
  if (missing === 0) return 0;
  if (isWide(name)) return bytes.length >= 2 && isLowHalf(unitAt(bytes, 0, name)) ? 2 : 0;
  const wanted = lengthOf(before[before.length - missing] ?? 0) - missing;
  let start = 0;
  while (start < wanted && isContinuation(bytes[start])) start += 1;
  return start;
}

const isLowHalf = (unit: number) => (unit & 0xfc00) === 0xdc00;
