import { type Decoded, decodePieces, type Encoding, refuseBinary } from "./encoding.ts";
import { type LineEndings, lineEndingsOf } from "./line-endings.ts";

/**
 * The most bytes of a file in one answer. A byte becomes at most 13 on the wire (an escape character,
 * escaped in the structured result and once more in the text), so that 64 KiB stay under the megabyte.
 */
export const MAX_READ_BYTES = 65_536;
/** The fewest bytes that can be asked for: a character of any encoding fits. */
export const MIN_READ_BYTES = 16;
/** Bytes of one line that are shown among other lines. */
export const MAX_LINE_BYTES = 16_384;

/** A part of a file as bytes, with the markers that stand between them. */
export interface Excerpt {
  pieces: { bytes: Buffer; marker?: string }[];
  startOffset: number;
  endOffset: number;
  startLine?: number | undefined;
  endLine?: number | undefined;
  /** Of the line behind; absent when only its offset is known. */
  nextLine?: number | undefined;
  totalLines?: number | undefined;
  /** Where the rest of each line begins that was too long to be shown whole. */
  cutOffsets: number[];
  /** Says that the first line is cut in front. */
  lead?: string;
}

export interface ExcerptText extends Omit<Decoded, "texts"> {
  content: string;
  lineEndings: LineEndings;
}

/** Refuses an excerpt that is not text, though the beginning of the file was. */
export function toText(
  { pieces, lead = "" }: Excerpt,
  encoding: Encoding,
  path: string,
): ExcerptText {
  const bytes = pieces.map((piece) => piece.bytes);
  const { texts, ...decoded } = decodePieces(bytes, encoding);
  for (const piece of bytes) refuseBinary(piece, decoded.encoding, path);
  const marked = texts.map((text, index) => text + (pieces[index]?.marker ?? ""));
  return { ...decoded, content: lead + marked.join(""), lineEndings: lineEndingsOf(texts) };
}
