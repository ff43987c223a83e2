import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Runs git and returns what it printed; throws, with git's own words, when it fails. */
export function git(root: string, args: string[]): string {
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio, maxBuffer: 1 << 28 });
}

export function splitPaths(nulSeparated: string): string[] {
  return nulSeparated.split("\0").filter((path) => path !== "");
}

/** What git would ship of a folder: tracked files and new ones that are not ignored. */
export function shippedFiles(folder: string): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const paths = new Set(splitPaths(git(folder, args)));
  return [...paths].filter((path) => existsSync(join(folder, path))).sort();
}
