import { isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Place, Root } from "./place.ts";

/** The absolute paths of a client's roots; what is no file URI names nothing here. */
export function rootPaths(uris: readonly string[]): string[] {
  return uris.flatMap((uri) => {
    try {
      const path = uri.startsWith("file:") ? fileURLToPath(uri) : "";
      return isAbsolute(path) ? [resolve(path)] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Whether a place lies in one of the client's roots, by the path as the owner wrote it or the real
 * one. Only places that the owner allows are asked about: a client narrows and never widens.
 */
export function isWithin({ root, parts }: Place, paths: readonly string[]): boolean {
  return [root.given, root.canonical].some((folder) => {
    const path = join(folder, ...parts);
    return paths.some((outer) => path === outer || path.startsWith(outer + trailing(outer)));
  });
}

/** What is left of a folder: all of it, those paths that lie in it, or nothing. */
export function narrowedFolder(root: Root, paths: readonly string[]): string[] {
  if (isWithin({ root, parts: [] }, paths)) return [root.given];
  const folders = [root.given, root.canonical].map((folder) => folder + trailing(folder));
  return paths.filter((path) => folders.some((folder) => path.startsWith(folder)));
}

const trailing = (path: string) => (path.endsWith(sep) ? "" : sep);
