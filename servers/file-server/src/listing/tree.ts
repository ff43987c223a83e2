import type { DenyState } from "../sandbox/deny.ts";
import { readEntries } from "../sandbox/entries.ts";
import type { Node, RawEntry } from "../sandbox/node.ts";
import { isUsableName, printableName } from "../sandbox/path-rules.ts";
import { errnoOf } from "../sandbox/refuse.ts";

/** Entries of one folder that are shown, so that a large one does not use up all. */
export const MAX_FOLDER_LINES = 100;
/** Characters of a whole tree: with every one escaped it stays under the megabyte. */
export const MAX_TREE_CHARS = 60_000;

export interface TreeOptions {
  depth: number;
  maxEntries: number;
  includeHidden: boolean;
  signal: AbortSignal;
}

/** Draws a folder as lines, two spaces a level, and says where it left something out. */
export class TreeDrawing {
  readonly lines: string[] = [];
  entries = 0;
  isCut = false;
  #chars = 0;
  readonly #options: TreeOptions;

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  async draw(node: Node, deny: DenyState, level = 0): Promise<void> {
    const { includeHidden, signal } = this.#options;
    const { shown, isCut } = await readEntries(node, { deny, includeHidden, signal });
    const indent = "  ".repeat(level);
    for (const [index, entry] of shown.entries()) {
      const rest = shown.length - index;
      if (index === MAX_FOLDER_LINES || this.#isFull()) {
        this.#leaveOut(`${indent}... ${rest}${isCut ? " or more" : ""} left out`);
        return;
      }
      this.#add(indent + labelOf(entry));
      this.entries += 1;
      if (entry.type === "directory" && isUsableName(entry.name))
        await this.#enter(node, entry.name, deny, level + 1);
    }
  }

  async #enter(node: Node, name: string, deny: DenyState, level: number): Promise<void> {
    if (level >= this.#options.depth) {
      this.isCut = true;
      return;
    }
    try {
      const child = await node.enter(name);
      try {
        if (child.stats.isDirectory()) await this.draw(child, deny.step(name), level);
      } finally {
        await child.release();
      }
    } catch (error) {
      // gone meanwhile, or not ours to read: the rest is drawn all the same
      if (errnoOf(error) === undefined) throw error;
      this.isCut = true;
    }
  }

  #isFull(): boolean {
    return this.entries >= this.#options.maxEntries || this.#chars > MAX_TREE_CHARS;
  }

  #add(line: string): void {
    this.lines.push(line);
    this.#chars += line.length + 1;
  }

  #leaveOut(line: string): void {
    this.isCut = true;
    // once the budget is used up, every folder above would say the same
    if (!this.lines.at(-1)?.endsWith("left out")) this.#add(line);
  }
}

const SIGNS = { directory: "/", symlink: "@", file: "", other: "|" };

const labelOf = ({ name, type }: RawEntry) => printableName(name) + SIGNS[type];
