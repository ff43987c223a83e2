import type { FileHandle } from "node:fs/promises";
import { checkedStrategy } from "./checked.ts";
import { DenyList, type DenyState } from "./deny.ts";
import { canHold, heldStrategy } from "./held.ts";
import type { Node, Strategy } from "./node.ts";
import { type Place, type Root, shownPath } from "./place.ts";
import { fromSystem, refuse } from "./refuse.ts";
import { RESERVED_PATTERNS } from "./reserved.ts";
import { type RootState, Roots } from "./roots.ts";
import { type Found, type WalkRules, walkTo } from "./walk.ts";
import { type EntryRules, type FoundEntry, walkToEntry } from "./walk-entry.ts";

export interface SandboxOptions {
  /** Absolute. */
  roots: readonly string[];
  followLinks: boolean;
  denyPatterns: readonly string[];
  /** What the system offers, unless a test wants the other. */
  strategy?: Strategy;
}

export interface OpenFile {
  /** As callers may give it back. */
  path: string;
  size: number;
  handle: FileHandle;
}

export interface OpenDirectory {
  path: string;
  place: Place;
  node: Node;
  deny: DenyState;
}

/** The only way to the file system: what it hands out lies in an allowed folder and is not denied. */
export interface Sandbox {
  readonly strategy: Strategy["name"];
  /** Runs `work` on a regular file, open for reading; it is closed when `work` ends. */
  withFile<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T>;
  /** Runs `work` on a directory; `work` ends only when nothing of its own uses the node any more. */
  withDirectory<T>(path: string, work: (directory: OpenDirectory) => Promise<T>): Promise<T>;
  /** Runs `work` on whatever a path names, file or folder. */
  withAny<T>(path: string, work: (directory: OpenDirectory) => Promise<T>): Promise<T>;
  /** Runs `work` on a name in a folder, be something there or not: for what changes files. */
  withEntry<T>(
    path: string,
    options: EntryRules,
    work: (entry: FoundEntry) => Promise<T>,
  ): Promise<T>;
  /** The folders that are allowed, those that cannot be found too. */
  listRoots(): Promise<RootState[]>;
  /** Runs `work` on a root. */
  withRoot<T>(root: Root, work: (node: Node) => Promise<T>): Promise<T>;
}

export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const strategy = options.strategy ?? ((await canHold()) ? heldStrategy : checkedStrategy);
  const rules: WalkRules = {
    strategy,
    roots: new Roots(options.roots),
    deny: new DenyList([...options.denyPatterns, ...RESERVED_PATTERNS]),
    followLinks: options.followLinks,
  };

  async function withNode<T>(path: string, work: (found: Found) => Promise<T>): Promise<T> {
    const found = await walkTo(await rules.roots.locate(path), path, rules);
    return useNode(found.node, path, () => work(found));
  }

  return {
    strategy: strategy.name,
    withFile: (path, work) =>
      withNode(path, async ({ place, node }) => {
        const handle = await openFile(node, path);
        try {
          const { size } = await handle.stat();
          return await work({ path: shownPath(place), size, handle });
        } finally {
          await handle.close();
        }
      }),
    withDirectory: (path, work) =>
      withNode(path, async ({ place, node }) => {
        if (!node.stats.isDirectory()) throw refuse("not_a_directory", { path });
        return work({ path: shownPath(place), place, node, deny: rules.deny.enter(place.parts) });
      }),
    withAny: (path, work) =>
      withNode(path, ({ place, node }) =>
        work({ path: shownPath(place), place, node, deny: rules.deny.enter(place.parts) }),
      ),
    async withEntry(path, entryRules, work) {
      const place = await rules.roots.locate(path);
      const entry = await walkToEntry(place, path, rules, entryRules);
      return useNode(entry.folder, path, () => work(entry));
    },
    listRoots: () => rules.roots.list(),
    async withRoot(root, work) {
      const node = await strategy.openRoot(root.canonical);
      return useNode(node, root.given, () => work(node));
    },
  };
}

async function useNode<T>(node: Node, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fromSystem(error, path);
  } finally {
    await node.release();
  }
}

/** What is no regular file is refused before it is opened: opening a pipe or a device does things. */
function openFile(node: Node, path: string): Promise<FileHandle> {
  if (node.stats.isDirectory()) throw refuse("not_a_file", { path });
  if (!node.stats.isFile()) throw refuse("special_file", { path });
  return node.openFile();
}
