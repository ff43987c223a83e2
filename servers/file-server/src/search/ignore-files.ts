import type { Node } from "../sandbox/node.ts";
import type { Place } from "../sandbox/place.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { Source } from "../text/source.ts";
import { fitsIgnore, type IgnorePattern, parseIgnoreLine } from "./ignore-pattern.ts";
import { PathNames } from "./path-names.ts";

/** Files that name what searches leave out; the second has the last word. */
const IGNORE_FILES = [".gitignore", ".ignore"];
/** Bytes of such a file; a larger one is not read. */
export const MAX_IGNORE_BYTES = 65_536;

interface Level {
  /** Names from the root to the folder of the file. */
  depth: number;
  /** The last line that fits decides: they are asked from the end. */
  patterns: readonly IgnorePattern[];
}

/** What the ignore files from the root down to a folder leave out, as git reads them. */
export class IgnoreRules {
  readonly #levels: readonly Level[];
  /** The folder itself is left out: what is in it cannot be taken back. */
  readonly #isAll: boolean;

  constructor(levels: readonly Level[] = [], isAll = false) {
    this.#levels = levels;
    this.#isAll = isAll;
  }

  /** With the files of a folder, which lies so many names below the root. */
  async within(folder: Node, depth: number, signal: AbortSignal): Promise<IgnoreRules> {
    if (this.#isAll) return this;
    const texts: string[] = [];
    for (const name of IGNORE_FILES) texts.push((await readSmall(folder, name, signal)) ?? "");
    if (texts.every((text) => text === "")) return this;
    const lines = texts.join("\n").split("\n");
    const patterns = lines.flatMap((line) => parseIgnoreLine(line) ?? []).reverse();
    return new IgnoreRules([{ depth, patterns }, ...this.#levels]);
  }

  /** What holds in a folder, if that folder is left out itself. */
  inside(names: readonly string[]): IgnoreRules {
    return this.ignores(names, true) ? new IgnoreRules([], true) : this;
  }

  /** `names` lead from the root. The innermost file that says anything decides. */
  ignores(names: readonly string[], isFolder: boolean): boolean {
    if (this.#isAll) return true;
    if (this.#levels.length === 0) return false;
    const path = new PathNames(names);
    for (const { depth, patterns } of this.#levels)
      for (const pattern of patterns)
        if ((isFolder || !pattern.foldersOnly) && fitsIgnore(pattern, path, depth))
          return !pattern.isNegated;
    return false;
  }
}

/** The rules that hold in a folder because of those it lies in, and where it lies. */
export async function ignoreAt(
  sandbox: Sandbox,
  { root, parts }: Place,
  signal: AbortSignal,
): Promise<{ rules: IgnoreRules; parts: readonly string[] }> {
  let rules = new IgnoreRules();
  for (let depth = 0; depth < parts.length; depth += 1) {
    const folder = [root.canonical, ...parts.slice(0, depth)].join("/");
    const above = rules;
    rules = await sandbox
      .withDirectory(folder, ({ node }) => above.within(node, depth, signal))
      .then((found) => found.inside(parts.slice(0, depth + 1)))
      .catch(() => above); // a client's roots may begin below it
    signal.throwIfAborted();
  }
  return { rules, parts };
}

async function readSmall(
  folder: Node,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  // most folders have none: asking is cheaper than entering
  const stats = await folder.lookAt(name);
  if (!stats?.isFile() || stats.size > MAX_IGNORE_BYTES) return undefined;
  const node = await folder.enter(name).catch(() => undefined);
  if (!node) return undefined;
  try {
    if (!node.stats.isFile() || node.stats.size > MAX_IGNORE_BYTES) return undefined;
    const handle = await node.openFile().catch(() => undefined);
    if (!handle) return undefined;
    try {
      const bytes = await new Source(handle, node.stats.size, signal).read(0, MAX_IGNORE_BYTES);
      return bytes.toString("utf8").replace(/^\ufeff/, "");
    } finally {
      await handle.close();
    }
  } finally {
    await node.release();
  }
}
