import { refuse } from "../sandbox/refuse.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { detectEncoding, type Encoding, SAMPLE_BYTES } from "../text/encoding.ts";
import { type Excerpt, toText } from "../text/excerpt.ts";
import { readLines } from "../text/read-lines.ts";
import { readOffset } from "../text/read-offset.ts";
import { readTail } from "../text/read-tail.ts";
import { Source } from "../text/source.ts";
import type { Job } from "./job.ts";

interface Input {
  path: string;
  start_line?: number | undefined;
  end_line?: number | undefined;
  head?: number | undefined;
  tail?: number | undefined;
  offset?: number | undefined;
  max_bytes: number;
}

export async function readTextFile(sandbox: Sandbox, input: Input, { signal }: Job) {
  checkRange(input);
  return sandbox.withFile(input.path, async ({ path, size, etag, handle }) => {
    const source = new Source(handle, size, signal);
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
      etag: etag(),
      ...placeOf(excerpt, size),
      cut_offsets: excerpt.cutOffsets,
    };
  });
}

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
