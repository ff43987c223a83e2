import type { FileHandle } from "node:fs/promises";
import { checkedStrategy } from "./checked.ts";
import { DenyList, type DenyState } from "./deny.ts";
import { canHold, heldStrategy } from "./held.ts";
import type { Node, Strategy } from "./node.ts";
import { type Place, shownPath } from "./place.ts";
import { fromSystem, refuse } from "./refuse.ts";
import { Roots } from "./roots.ts";
import { type Found, type WalkRules, walkTo } from "./walk.ts";

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
}

export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const strategy = options.strategy ?? ((await canHold()) ? heldStrategy : checkedStrategy);
  const rules: WalkRules = {
    strategy,
    roots: new Roots(options.roots),
    deny: new DenyList(options.denyPatterns),
    followLinks: options.followLinks,
  };

  async function withNode<T>(path: string, work: (found: Found) => Promise<T>): Promise<T> {
    const found = await walkTo(await rules.roots.locate(path), path, rules);
    try {
      return await work(found);
    } catch (error) {
      throw fromSystem(error, path);
    } finally {
      await found.node.release();
    }
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
  };
}

/** What is no regular file is refused before it is opened: opening a pipe or a device does things. */
function openFile(node: Node, path: string): Promise<FileHandle> {
  if (node.stats.isDirectory()) throw refuse("not_a_file", { path });
  if (!node.stats.isFile()) throw refuse("special_file", { path });
  return node.openFile();
}
