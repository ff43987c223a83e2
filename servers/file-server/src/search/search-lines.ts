import { ToolError } from "#shared/core/errors.ts";
import type { Node } from "../sandbox/node.ts";
import { decodePieces, detectEncoding, SAMPLE_BYTES } from "../text/encoding.ts";
import { Source } from "../text/source.ts";
import type { LineMatcher } from "./line-matcher.ts";

/** Bytes of a file that is searched; larger ones are counted as skipped. */
export const MAX_SEARCHED_BYTES = 67_108_864;
/** Characters of a line that are shown. */
export const MAX_SHOWN_CHARS = 500;

export interface LineMatch {
  line: number;
  column: number;
  text: string;
  before: string[];
  after: string[];
}

/** The lines of a file; undefined when it is no text, too large, gone, or not ours to read. */
export async function readLinesOf(
  folder: Node,
  name: string,
  { signal, needle }: { signal: AbortSignal; needle: Buffer | undefined },
): Promise<string[] | undefined> {
  const bytes = await readText(folder, name, signal);
  if (bytes === undefined) return undefined;
  try {
    const encoding = detectEncoding(bytes.subarray(0, SAMPLE_BYTES), name);
    if (needle && encoding.bom !== 2 && !bytes.includes(needle)) return [];
    const { texts } = decodePieces([bytes.subarray(encoding.bom)], encoding);
    return (texts[0] ?? "").split("\n");
  } catch (error) {
    if (error instanceof ToolError && error.details.reason === "binary") return undefined;
    throw error;
  }
}

async function readText(
  folder: Node,
  name: string,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const node = await folder.enter(name).catch(() => undefined);
  if (!node) return undefined;
  try {
    const { size } = node.stats;
    if (!node.stats.isFile() || size > MAX_SEARCHED_BYTES) return undefined;
    const handle = await node.openFile().catch(() => undefined);
    if (!handle) return undefined;
    try {
      const source = new Source(handle, size, signal);
      const sample = await source.read(0, SAMPLE_BYTES);
      // most binary files say so at once, and need not be read whole
      if (sample.includes(0) && !isWide(sample)) return undefined;
      if (size <= SAMPLE_BYTES) return sample;
      return await source.read(0, size);
    } finally {
      await handle.close();
    }
  } finally {
    await node.release();
  }
}

const isWide = (sample: Buffer) => ["fffe", "feff"].includes(sample.subarray(0, 2).toString("hex"));

/** Lines from `first` on that fit, each with the lines around it. */
export function* matchesIn(
  lines: readonly string[],
  matcher: LineMatcher,
  first: number,
  context: number,
): Generator<LineMatch | undefined> {
  for (let index = first; index < lines.length; index += 1) {
    const column = matcher(withoutReturn(lines[index] ?? ""));
    // nothing: a turn for whoever counts the time
    if (column === -1) {
      if (index % LINES_A_TURN === 0) yield undefined;
      continue;
    }
    yield {
      line: index + 1,
      column: column + 1,
      text: shownLine(lines[index] ?? "", column),
      before: lines.slice(Math.max(0, index - context), index).map((line) => shownLine(line)),
      after: lines.slice(index + 1, index + 1 + context).map((line) => shownLine(line)),
    };
  }
}

const LINES_A_TURN = 64;

const withoutReturn = (line: string) => (line.endsWith("\r") ? line.slice(0, -1) : line);

/** A line, or of a long one the part around what was found. */
function shownLine(line: string, column = 0): string {
  const whole = withoutReturn(line);
  if (whole.length <= MAX_SHOWN_CHARS) return whole;
  const start = Math.max(0, Math.min(column - 50, whole.length - MAX_SHOWN_CHARS));
  const end = start + MAX_SHOWN_CHARS;
  return `${start > 0 ? "…" : ""}${whole.slice(start, end)}${end < whole.length ? "…" : ""}`;
}
