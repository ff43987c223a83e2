import type { Glob } from "../glob/glob.ts";
import type { DenyState } from "../sandbox/deny.ts";
import type { Node } from "../sandbox/node.ts";
import type { LineMatcher } from "./line-matcher.ts";
import type { SearchBudget } from "./search-budget.ts";
import { type LineMatch, matchesIn, readLinesOf } from "./search-lines.ts";
import { TreeSearch } from "./walk-tree.ts";

export type TextMatch = Omit<LineMatch, "before" | "after"> &
  Partial<Pick<LineMatch, "before" | "after">> & { path: string };

interface Options {
  matcher: LineMatcher;
  /** What a file must hold to be looked through. */
  needle: Buffer | undefined;
  glob: Glob;
  budget: SearchBudget;
  context: number;
  includeHidden: boolean;
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
  #files = 0;
  #skipped = 0;
  /** Lines to leave out of the next file. */
  #from: number;

  constructor(options: Options) {
    this.#options = options;
    this.#from = options.lines;
  }

  async run(node: Node, deny: DenyState): Promise<TextResult> {
    const { glob, budget, includeHidden, after, signal, shownAs } = this.#options;
    const tree = new TreeSearch(
      {
        glob,
        type: "file",
        includeHidden,
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
    const { matcher, needle, context, budget, signal } = this.#options;
    const lines = await readLinesOf(folder, names.at(-1) ?? "", { signal, needle });
    const first = this.#from;
    this.#from = 0;
    if (!lines) {
      this.#skipped += 1;
      return true;
    }
    if (first === 0) this.#files += 1;
    for (const match of matchesIn(lines, matcher, first, context)) {
      await budget.breathe(signal);
      if (match && !this.#take(names, match)) {
        this.#from = match.line - 1;
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
