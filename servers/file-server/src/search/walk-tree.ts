import { ToolError } from "#shared/core/errors.ts";
import type { Glob, GlobState } from "../glob/glob.ts";
import { describeEntry, type Entry } from "../listing/describe-entry.ts";
import type { DenyState } from "../sandbox/deny.ts";
import { compareText, readEntries } from "../sandbox/entries.ts";
import type { Node, RawEntry } from "../sandbox/node.ts";
import { isUsableName, printableName } from "../sandbox/path-rules.ts";
import { errnoOf } from "../sandbox/refuse.ts";
import type { IgnoreRules } from "./ignore-files.ts";
import type { SearchBudget } from "./search-budget.ts";

/** Folders below the one that is searched; each holds a handle while it is walked. */
export const MAX_SEARCH_DEPTH = 100;
/** Bytes of a path below the folder that is searched: a cursor has to hold it. */
export const MAX_FOUND_PATH_BYTES = 1_000;

export type Match = Omit<Entry, "name"> & { path: string };

export interface SearchOptions {
  glob: Glob;
  type: "any" | Entry["type"];
  includeHidden: boolean;
  /** Names of the entry that the search goes on behind. */
  after?: readonly string[] | undefined;
  budget: SearchBudget;
  signal: AbortSignal;
  /** What ignore files above say, and how deep below the root the search begins; absent: they are not read. */
  ignore?: { rules: IgnoreRules; parts: readonly string[] } | undefined;
  /** Which of the entries that are listed fit. */
  fits?: (entry: Omit<Entry, "name">) => boolean;
  /** Looks into what fits, in place of listing it; false when it must be looked at again. */
  examine?: (folder: Node, names: readonly string[]) => Promise<boolean>;
}

export interface SearchResult {
  matches: Match[];
  /** Where the search stopped; absent when it is through. */
  stoppedAt?: readonly string[];
  /** Folders that could not be looked into: too deep, or the system refuses. */
  skipped: number;
}

/** A folder of the walk. */
interface Folder {
  node: Node;
  names: readonly string[];
  state: GlobState;
  deny: DenyState;
  after: readonly string[] | undefined;
  rules: IgnoreRules | undefined;
}

/**
 * Walks a tree in a fixed order: names sorted, a folder before what is in it. Links are found and
 * never followed. A folder in which nothing can fit is not opened.
 */
export class TreeSearch {
  readonly #options: SearchOptions;
  readonly #shownAs: (names: readonly string[]) => string;
  readonly #result: SearchResult = { matches: [], skipped: 0 };
  #last: readonly string[] | undefined;

  constructor(options: SearchOptions, shownAs: (names: readonly string[]) => string) {
    this.#options = options;
    this.#shownAs = shownAs;
    this.#last = options.after;
  }

  async run(node: Node, deny: DenyState): Promise<SearchResult> {
    const { isThrough, last } = await this.walk(node, deny);
    if (isThrough || !last) return this.#result;
    return { ...this.#result, stoppedAt: last };
  }

  /** `last` is the last entry that was looked at; absent when there was none. */
  async walk(node: Node, deny: DenyState) {
    const { glob, after } = this.#options;
    const { rules } = this.#options.ignore ?? {};
    const top = { node, names: [], state: glob.start, deny, after, rules };
    const isThrough = await this.#visit(top);
    return { isThrough, last: this.#last, skipped: this.#result.skipped };
  }

  /** False when the search must stop. */
  async #visit(outer: Folder): Promise<boolean> {
    const { includeHidden, signal, budget, ignore } = this.#options;
    const depth = (ignore?.parts.length ?? 0) + outer.names.length;
    const rules = await outer.rules?.within(outer.node, depth, signal);
    const folder = { ...outer, rules };
    const { node, deny } = folder;
    const { shown, isCut } = await readEntries(node, { deny, includeHidden, signal });
    if (isCut) this.#result.skipped += 1;
    const [first] = folder.after ?? [];
    for (const entry of shown) {
      if (first !== undefined && compareText(entry.name, first) < 0) continue;
      await budget.breathe(signal);
      if (!(await this.#visitEntry(folder, entry))) return false;
    }
    return true;
  }

  async #visitEntry(folder: Folder, entry: RawEntry): Promise<boolean> {
    const { glob, budget } = this.#options;
    const names = [...folder.names, entry.name];
    if (Buffer.byteLength(names.join("/")) > MAX_FOUND_PATH_BYTES) {
      this.#result.skipped += 1;
      return true;
    }
    const isSeen = folder.after?.[0] === entry.name;
    // what is left out counts too: to find that out takes its time
    if (!isSeen && !budget.visit()) return false;
    if (this.#isIgnored(folder.rules, entry, names)) {
      this.#last = names;
      return true;
    }
    const state = glob.step(folder.state, entry.name);
    if (!isSeen) {
      if (state.accepts && !(await this.#report(folder.node, entry, names))) return false;
      this.#last = names;
    }
    if (entry.type !== "directory" || !state.isAlive || !isUsableName(entry.name)) return true;
    const after = isSeen && (folder.after?.length ?? 0) > 1 ? folder.after?.slice(1) : undefined;
    return this.#descend(folder, entry.name, { names, state, after, rules: folder.rules });
  }

  #isIgnored(
    rules: IgnoreRules | undefined,
    { type }: RawEntry,
    names: readonly string[],
  ): boolean {
    const { parts = [] } = this.#options.ignore ?? {};
    return rules?.ignores([...parts, ...names], type === "directory") ?? false;
  }

  async #descend(
    { node, deny }: Folder,
    name: string,
    next: Pick<Folder, "names" | "state" | "after" | "rules">,
  ): Promise<boolean> {
    const child = next.names.length > MAX_SEARCH_DEPTH ? undefined : await enterFolder(node, name);
    if (!child) {
      this.#result.skipped += 1;
      return true;
    }
    try {
      return await this.#visit({ ...next, node: child, deny: deny.step(name) });
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.#result.skipped += 1;
      return true;
    } finally {
      await child.release();
    }
  }

  /** False when the page is full. */
  async #report(node: Node, entry: RawEntry, names: readonly string[]): Promise<boolean> {
    const { type, budget, examine, fits } = this.#options;
    if (type !== "any" && type !== entry.type) return true;
    if (examine) return examine(node, names);
    const described = await describeEntry(node, entry);
    if (!described || fits?.(described) === false) return true;
    const { name: _, ...rest } = described;
    const match = { path: printableName(this.#shownAs(names)), ...rest };
    if (!budget.take(match)) return false;
    this.#result.matches.push(match);
    return true;
  }
}

/** A folder, unless it has gone, has become something else, or may not be entered. */
async function enterFolder(node: Node, name: string): Promise<Node | undefined> {
  try {
    const child = await node.enter(name);
    if (child.stats.isDirectory()) return child;
    await child.release();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  return undefined;
}

const UNREADABLE = ["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP"];

/** Errors of one folder, which do not end a search. */
const isUnreadable = (error: unknown) =>
  UNREADABLE.includes(errnoOf(error) ?? "") ||
  (error instanceof ToolError && error.details.reason === "changed");
