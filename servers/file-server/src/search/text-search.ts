import { ToolError } from "#shared/core/errors.ts";
import type { Glob } from "../glob/glob.ts";
import type { DenyState } from "../sandbox/deny.ts";
import type { ReadHandle } from "../sandbox/disk-calls.ts";
import type { Node } from "../sandbox/node.ts";
import { detectEncoding, type Encoding, SAMPLE_BYTES } from "../text/encoding.ts";
import type { LineMatcher } from "./line-matcher.ts";
import type { SearchBudget } from "./search-budget.ts";
import { type LineMatch, matchesIn } from "./search-lines.ts";
import { TextWindows, windowBuffer } from "./text-windows.ts";
import { type SearchOptions, TreeSearch } from "./walk-tree.ts";

/** Bytes of a file that is searched; larger ones are counted as skipped. */
export const MAX_SEARCHED_BYTES = 2 ** 30;

export type TextMatch = Omit<LineMatch, "before" | "after"> &
  Partial<Pick<LineMatch, "before" | "after">> & { path: string };

interface Options {
  matcherFor(encoding: TextWindows["encoding"]): LineMatcher;
  glob: Glob;
  budget: SearchBudget;
  context: number;
  includeHidden: boolean;
  ignore: SearchOptions["ignore"];
  after: readonly string[] | undefined;
  /** Lines of the first file that an earlier page has looked at. */
  lines: number;
  signal: AbortSignal;
  shownAs(names: readonly string[]): string;
}

export interface TextResult {
  matches: TextMatch[];
  files: number;
  skipped: number;
  /** Where to go on: behind this entry, and behind so many lines of the file that follows it. */
  stopped?: { after: readonly string[]; lines: number };
}

/** Looks for lines in the files of a tree, in the order of their names. */
export class TextSearch {
  readonly #options: Options;
  readonly #matches: TextMatch[] = [];
  readonly #buffer = windowBuffer();
  #files = 0;
  #skipped = 0;
  /** Lines to leave out of the next file. */
  #from: number;

  constructor(options: Options) {
    this.#options = options;
    this.#from = options.lines;
  }

  async run(node: Node, deny: DenyState): Promise<TextResult> {
    const { glob, budget, includeHidden, ignore, after, signal, shownAs } = this.#options;
    const tree = new TreeSearch(
      {
        glob,
        type: "file",
        includeHidden,
        ignore,
        after,
        budget,
        signal,
        examine: (folder, names) => this.#searchFile(folder, names),
      },
      shownAs,
    );
    const { skipped, isThrough, last } = await tree.walk(node, deny);
    const result = { matches: this.#matches, files: this.#files, skipped: this.#skipped + skipped };
    if (isThrough) return result;
    return { ...result, stopped: { after: last ?? [], lines: this.#from } };
  }

  /** False when the page is full; then `#from` says how far this file was searched. */
  async #searchFile(folder: Node, names: readonly string[]): Promise<boolean> {
    const first = this.#from;
    this.#from = 0;
    const handle = await openText(folder, names.at(-1) ?? "");
    if (!handle) {
      this.#skipped += 1;
      return true;
    }
    try {
      const buffer = this.#buffer;
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      const encoding = encodingOf(buffer.subarray(0, Math.min(bytesRead, SAMPLE_BYTES)));
      if (!encoding) {
        this.#skipped += 1;
        return true;
      }
      if (first === 0) this.#files += 1;
      const windows = new TextWindows(handle, buffer, encoding, bytesRead);
      return await this.#searchLines(windows, names, first);
    } finally {
      await handle.close();
    }
  }

  async #searchLines(
    windows: TextWindows,
    names: readonly string[],
    first: number,
  ): Promise<boolean> {
    const { budget, signal } = this.#options;
    for await (const found of matchesIn(windows, this.#options)) {
      await budget.breathe(signal);
      if (typeof found === "number") {
        if (found <= first || !budget.isOver()) continue;
        this.#from = found;
        return false;
      }
      if (found.line > first && !this.#take(names, found)) {
        this.#from = found.line - 1;
        return false;
      }
    }
    return true;
  }

  #take(names: readonly string[], { before, after, ...found }: LineMatch): boolean {
    const path = this.#options.shownAs(names);
    const around = this.#options.context > 0 ? { before, after } : {};
    const match = { path, ...found, ...around };
    if (!this.#options.budget.take(match)) return false;
    this.#matches.push(match);
    return true;
  }
}

/** A file, open; undefined when it is too large, gone, or not ours to read. */
async function openText(folder: Node, name: string): Promise<ReadHandle | undefined> {
  const file = await folder.openListed(name);
  if (!file || file.size <= MAX_SEARCHED_BYTES) return file?.handle;
  await file.handle.close();
  return undefined;
}

/** Undefined for what is no text. */
function encodingOf(sample: Buffer): Encoding | undefined {
  try {
    return detectEncoding(sample, "");
  } catch (error) {
    if (error instanceof ToolError && error.details.reason === "binary") return undefined;
    throw error;
  }
}
