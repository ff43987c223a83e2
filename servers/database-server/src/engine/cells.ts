import { createHash } from "node:crypto";
import { BLOB_HEAD_BYTES, MAX_CELL_CHARS } from "./limits.ts";

export interface BlobCell {
  bytes: number;
  sha256: string;
  /** The first bytes, in hexadecimal. */
  head: string;
}

export interface CutCell {
  text: string;
  characters: number;
  cut: true;
}

/** A value as it goes out: 64-bit and exact numbers are text, so that no digit is lost. */
export type Cell = null | boolean | number | string | BlobCell | CutCell;

export function textCell(text: string): string | CutCell {
  if (text.length <= MAX_CELL_CHARS) return text;
  return { text: text.slice(0, cutAt(text)), characters: text.length, cut: true };
}

/** Not between the halves of a surrogate pair. */
function cutAt(text: string): number {
  const last = text.charCodeAt(MAX_CELL_CHARS - 1);
  return last >= 0xd800 && last <= 0xdbff ? MAX_CELL_CHARS - 1 : MAX_CELL_CHARS;
}

export function blobCell(bytes: Uint8Array): BlobCell {
  return {
    bytes: bytes.byteLength,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    head: Buffer.from(bytes.subarray(0, BLOB_HEAD_BYTES)).toString("hex"),
  };
}

/** A number that JSON carries exactly, or its text. */
export function numberCell(value: number | bigint): number | string {
  if (typeof value === "bigint") {
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value.toString();
  }
  return Number.isFinite(value) ? value : String(value);
}
