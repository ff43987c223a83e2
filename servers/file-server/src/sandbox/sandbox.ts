import { checkedStrategy } from "./checked.ts";
import { isWithin } from "./client-roots.ts";
import { DenyList, type DenyState } from "./deny.ts";
import type { DiskCalls, ReadHandle } from "./disk-calls.ts";
import { etagOf } from "./etag.ts";
import { canHold, heldStrategy } from "./held.ts";
import type { Node, Strategy } from "./node.ts";
import { isUsableName, refuseFolderPath } from "./path-rules.ts";
import { type Place, type Root, shownPath } from "./place.ts";
import { fromSystem, refuse } from "./refuse.ts";
import { RESERVED_PATTERNS } from "./reserved.ts";
import { type RealPaths, type RootState, Roots } from "./roots.ts";
import { type Found, openRoot, type WalkRules, walkTo } from "./walk.ts";
import { type EntryRules, type FoundEntry, walkToEntry } from "./walk-entry.ts";

export interface SandboxOptions {
  /** Absolute. */
  roots: readonly string[];
  followLinks: boolean;
  denyPatterns: readonly string[];
  /** Of the roots that others found before; those that are found here are added. */
  realPaths?: RealPaths;
  /** What the system offers, unless a test wants the other. */
  strategy?: Strategy;
  /** For a thread that may wait: `blockingCalls`. */
  calls?: DiskCalls;
}

export interface OpenFile {
  /** As callers may give it back. */
  path: string;
  place: Place;
  size: number;
  handle: ReadHandle;
  /** Of the file as it was when it was opened: before anything was read of it. */
  etag(): string;
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
  /** The paths that it is narrowed to. */
  readonly within?: readonly string[];
  /** Runs `work` on a regular file, open for reading; it is closed when `work` ends. */
  withFile<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T>;
  /**
   * `withFile` for a name in a directory that is held. Resolves with undefined where only the whole
   * path can tell: links, names that are refused, what is no file.
   */
  withFileIn<T>(
    directory: OpenDirectory,
    name: string,
    work: (file: OpenFile) => Promise<T>,
  ): Promise<{ result: T } | undefined>;
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
  /** Where the patterns of denied names stand in a folder. */
  denyIn(place: Place): DenyState;
  /** The same with nothing outside these absolute paths; a path that is not allowed allows nothing. */
  narrowed(within: readonly string[]): Sandbox;
  /** The folders that are allowed, those that cannot be found too. */
  listRoots(): Promise<RootState[]>;
  /** Runs `work` on a root, whose errors come as they are: its caller knows the path. */
  withRoot<T>(root: Root, work: (node: Node) => Promise<T>): Promise<T>;
}

export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { calls } = options;
  const strategy =
    options.strategy ?? ((await canHold()) ? heldStrategy(calls) : checkedStrategy(calls));
  const rules: WalkRules = {
    strategy,
    roots: new Roots(options.roots, options.realPaths),
    deny: new DenyList([...options.denyPatterns, ...RESERVED_PATTERNS]),
    followLinks: options.followLinks,
  };

  return sandboxBy(rules);
}

function sandboxBy(rules: WalkRules, within?: readonly string[]): Sandbox {
  const { strategy } = rules;

  function checkWithin(place: Place, path: string): void {
    if (within && !isWithin(place, within))
      throw refuse("outside_root", {
        path,
        because: "The path is outside the roots that the client allows",
      });
  }

  async function withNode<T>(path: string, work: (found: Found) => Promise<T>): Promise<T> {
    const found = await walkTo(await rules.roots.locate(path), path, rules);
    return useNode(found.node, path, () => {
      checkWithin(found.place, path);
      if (!found.node.stats.isDirectory()) refuseFolderPath(path);
      return work(found);
    });
  }

  return {
    strategy: strategy.name,
    ...(within && { within }),
    narrowed: (paths) => sandboxBy(rules, paths),
    withFile: (path, work) => withNode(path, ({ place, node }) => useFile(node, place, path, work)),
    async withFileIn({ node, place, deny }, name, work) {
      const isPlain = name !== "." && name !== ".." && isUsableName(name);
      if (!isPlain || deny.step(name).isDenied) return undefined;
      const file = await node.enter(name).catch(() => undefined);
      if (!file) return undefined;
      try {
        if (!file.stats.isFile() || file.name !== name) return undefined;
        const inside = { ...place, parts: [...place.parts, name] };
        return { result: await useFile(file, inside, name, work) };
      } finally {
        await file.release();
      }
    },
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
      return useNode(entry.folder, path, () => {
        checkWithin(entry.place, path);
        return work(entry);
      });
    },
    denyIn: ({ parts }) => rules.deny.enter(parts),
    listRoots: () => rules.roots.list(),
    async withRoot(root, work) {
      const node = await openRoot(root, rules);
      return work(node).finally(() => node.release());
    },
  };
}

async function useNode<T>(node: Node, path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fromSystem(error, path);
  } finally {
    await node.release();
  }
}

async function useFile<T>(
  node: Node,
  place: Place,
  path: string,
  work: (file: OpenFile) => Promise<T>,
): Promise<T> {
  const handle = await openFile(node, path);
  try {
    const stats = await handle.stat({ bigint: true });
    const [size, etag] = [Number(stats.size), () => etagOf(stats)];
    return await work({ path: shownPath(place), place, size, handle, etag });
  } finally {
    await handle.close();
  }
}

/** What is no regular file is refused before it is opened: opening a pipe or a device does things. */
function openFile(node: Node, path: string): Promise<ReadHandle> {
  if (node.stats.isDirectory()) throw refuse("not_a_file", { path });
  if (!node.stats.isFile()) throw refuse("special_file", { path });
  return node.openFile();
}
