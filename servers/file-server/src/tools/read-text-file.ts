import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { refuse } from "../sandbox/refuse.ts";
import { detectEncoding, ENCODINGS, type Encoding, SAMPLE_BYTES } from "../text/encoding.ts";
import {
  type Excerpt,
  MAX_LINE_BYTES,
  MAX_READ_BYTES,
  MIN_READ_BYTES,
  toText,
} from "../text/excerpt.ts";
import { LINE_ENDINGS } from "../text/line-endings.ts";
import { readLines } from "../text/read-lines.ts";
import { readOffset } from "../text/read-offset.ts";
import { readTail } from "../text/read-tail.ts";
import { Source } from "../text/source.ts";
import { countOutput, pathInput } from "./fields.ts";

/** More lines than a file of a terabyte has, if it has text. */
const MAX_LINES = 1e10;
/** A petabyte. */
const MAX_OFFSET = 1e15;

const count = () => z.int().min(1).max(MAX_LINES).optional();

const inputSchema = z.object({
  path: pathInput.describe("File"),
  start_line: count().describe("First line, from 1"),
  end_line: count().describe("Last line"),
  head: count().describe("Number of first lines"),
  tail: count().describe("Number of last lines"),
  offset: z.int().min(0).max(MAX_OFFSET).optional().describe("First byte"),
  max_bytes: z
    .int()
    .min(MIN_READ_BYTES)
    .max(MAX_READ_BYTES)
    .default(MAX_READ_BYTES)
    .describe("Most bytes to return"),
});

type Input = z.output<typeof inputSchema>;

/** The most lines that can be cut in one answer, each after its own maximum. */
const MAX_CUT_LINES = MAX_READ_BYTES / MAX_LINE_BYTES;

const outputSchema = z.object({
  path: z.string().describe("File, links resolved"),
  content: z.string().describe("Text as it is"),
  encoding: z.enum(ENCODINGS).describe("windows-1252 is a guess"),
  bom: z.boolean().describe("Has a byte order mark"),
  invalid_bytes: z.boolean().describe("Some bytes do not fit it"),
  line_endings: z.enum(LINE_ENDINGS).describe("Of content; cr ends no line"),
  size: countOutput.describe("Of the file"),
  start_offset: countOutput.describe("First byte of content"),
  start_line: countOutput.optional().describe("If known"),
  end_line: countOutput.optional().describe("If known"),
  total_lines: countOutput.optional().describe("If known"),
  more_after: z.boolean().describe("Text follows"),
  next_start_line: countOutput.optional().describe("Go on here"),
  next_offset: countOutput.optional().describe("Go on here"),
  cut_offsets: z
    .array(countOutput)
    .max(MAX_CUT_LINES)
    .describe("offset of the rest of each line cut short"),
});

export const readTextFile = defineTool({
  name: "read_text_file",
  title: "Read a text file",
  description:
    "Read a text file, or a part: start_line and end_line, or head, or tail, or offset (bytes). Long files come in parts; next_start_line and next_offset lead on.",
  inputSchema,
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(input, context) {
    checkRange(input);
    const sandbox = await context.services.get("sandbox");
    return sandbox.withFile(input.path, async ({ path, size, handle }) => {
      const source = new Source(handle, size, context.signal);
      const encoding = detectEncoding(await source.read(0, SAMPLE_BYTES), input.path);
      const excerpt = await readPart(source, input, encoding);
      const text = toText(excerpt, encoding, input.path);
      return {
        path,
        content: text.content,
        encoding: text.encoding,
        bom: encoding.bom > 0,
        invalid_bytes: text.hasInvalidBytes,
        line_endings: text.lineEndings,
        size,
        ...placeOf(excerpt, size),
        cut_offsets: excerpt.cutOffsets,
      };
    });
  },
});

/** The ways to say which part, of which one can be used. */
function checkRange({ path, start_line, end_line, head, tail, offset }: Input): void {
  const lines = start_line ?? end_line;
  const given = [lines, head, tail, offset].filter((value) => value !== undefined);
  if (given.length > 1)
    throw refuse("invalid_range", {
      path,
      because: "Give only one of start_line with end_line, head, tail, offset",
    });
  if (start_line !== undefined && end_line !== undefined && end_line < start_line)
    throw refuse("invalid_range", { path, because: "end_line comes before start_line" });
}

function readPart(source: Source, input: Input, encoding: Encoding): Promise<Excerpt> {
  const { path, offset, tail, head, max_bytes: maxBytes } = input;
  if (offset !== undefined) return readOffset(source, offset, maxBytes, encoding, path);
  if (tail !== undefined) return readTail(source, tail, maxBytes, encoding);
  const start = input.start_line ?? 1;
  const end = input.end_line ?? head ?? Number.POSITIVE_INFINITY;
  return readLines(source, { start, end, maxBytes }, encoding, path);
}

function placeOf(excerpt: Excerpt, size: number) {
  const { startOffset, endOffset, startLine, endLine, nextLine, totalLines } = excerpt;
  const isMore = endOffset < size;
  return {
    start_offset: startOffset,
    ...(startLine !== undefined && { start_line: startLine }),
    ...(endLine !== undefined && { end_line: endLine }),
    ...(totalLines !== undefined && { total_lines: totalLines }),
    more_after: isMore,
    ...(isMore && nextLine !== undefined && { next_start_line: nextLine }),
    ...(isMore && { next_offset: endOffset }),
  };
}
