import { isUtf8 } from "node:buffer";
import { encode } from "../text/encode.ts";
import { decode, detectEncoding, type EncodingName, SAMPLE_BYTES } from "../text/encoding.ts";

export const LF = 10;
export const CR = 13;

/**
 * A whole text as units of its encoding: bytes, or pairs of them. Nothing is decoded to be searched,
 * so that what is not changed stays as it is to the byte, even where it fits no encoding.
 */
export interface Units {
  /** Behind the byte order mark. */
  data: Uint8Array | Uint16Array;
  mark: Buffer;
  /** Half a pair at the end of a file that is cut short: it stays. */
  rest: Buffer;
  encoding: EncodingName;
}

export function toUnits(bytes: Buffer, path: string): Units {
  const { name, bom } = detectEncoding(bytes.subarray(0, SAMPLE_BYTES), path);
  const encoding = name ?? (isUtf8(bytes) ? "utf-8" : "windows-1252");
  const end = isWide(encoding) ? bytes.length & ~1 : bytes.length;
  const [mark, rest] = [bytes.subarray(0, bom), bytes.subarray(end)];
  return { data: unitsOf(bytes.subarray(bom, end), encoding), mark, rest, encoding };
}

const isWide = (encoding: EncodingName) => encoding === "utf-16le" || encoding === "utf-16be";

/**
 * Takes the bytes for its own: a file of many megabytes is not held twice. Native numbers are
 * little-endian on every system that Node runs on but one.
 */
function unitsOf(bytes: Buffer, encoding: EncodingName): Units["data"] {
  if (!isWide(encoding)) return bytes;
  const pairs = bytes.byteOffset % 2 === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  if (encoding === "utf-16be") pairs.swap16();
  return new Uint16Array(pairs.buffer, pairs.byteOffset, pairs.length / 2);
}

/** Units as the bytes of the file. */
export function bytesOf(data: Units["data"], encoding: EncodingName): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return encoding === "utf-16be" ? Buffer.from(bytes).swap16() : bytes;
}

export const encodeUnits = (text: string, encoding: EncodingName, path: string): Units["data"] =>
  unitsOf(encode(text, encoding, path), encoding);

export const decodeUnits = (data: Units["data"], encoding: EncodingName): string =>
  decode(bytesOf(data, encoding), encoding);
