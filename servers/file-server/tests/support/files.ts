import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withTempDir } from "../shared/testing/temp-dir.ts";

/** When every file of a test was changed. */
export const FILE_TIME = new Date("2026-01-02T03:04:05.678Z");

/** A text or bytes is a file, null a folder, `{ link }` a symbolic link. */
export type Tree = Record<string, string | Uint8Array | null | { link: string }>;

/** Makes the entries in `folder`, parents too. */
export async function plant(folder: string, tree: Tree): Promise<void> {
  for (const [name, what] of Object.entries(tree)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    if (what === null) await mkdir(path, { recursive: true });
    else if (typeof what === "object" && "link" in what) await symlink(what.link, path);
    else {
      await writeFile(path, what);
      await utimes(path, FILE_TIME, FILE_TIME);
    }
  }
}

/** Runs `work` with `root`, which holds the tree, in a folder of its own with room beside it. */
export function withRoot<T>(tree: Tree, work: (root: string) => Promise<T>): Promise<T> {
  return withTempDir(async (folder) => {
    const root = join(folder, "root");
    await mkdir(root);
    await plant(root, tree);
    return work(root);
  });
}
