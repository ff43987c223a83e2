import { readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { shippedFiles } from "../git-files.ts";
import { anchorsOf, linksOf } from "./markdown.ts";

/** What the repository ships: its files, and its folders, which links may point to as well. */
interface Tree {
  root: string;
  files: Set<string>;
  folders: Set<string>;
}

/** Somebody's home folder, unless the name in it is plainly a placeholder. */
const localPath =
  /(?<![\w.:/~-])(?:\/(?:home|Users)\/(?!(?:you|me|user|username|name|node)\b|[<{$])[\w.-]+|\/root\/|[A-Za-z]:\\Users\\(?!(?:you|me|user|username|name)\b|[<{%])[\w.-]+|file:\/\/\/)/g;

function treeOf(root: string): Tree {
  const files = new Set(shippedFiles(root));
  const folders = new Set<string>(["."]);
  for (const file of files) {
    for (let folder = posix.dirname(file); folder !== "."; folder = posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  return { root, files, folders };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function anchorProblem(tree: Tree, file: string, anchor: string): string | undefined {
  const text = readFileSync(join(tree.root, file), "utf8");
  if (/\.md$/i.test(file)) {
    return anchorsOf(text).has(anchor) ? undefined : `no heading #${anchor} in ${file}`;
  }
  const [, line] = /^L(\d+)(?:-L\d+)?$/.exec(anchor) ?? [];
  if (line === undefined) return `#${anchor} cannot be found in ${file}, which has no headings`;
  return Number(line) <= text.split("\n").length ? undefined : `${file} has no line ${line}`;
}

function relativeProblem(tree: Tree, from: string, target: string): string | undefined {
  const [beforeAnchor = "", anchor] = target.split("#", 2);
  const path = decoded(beforeAnchor.replace(/\?.*$/, ""));
  const id = anchor === undefined ? undefined : decoded(anchor);
  if (path === undefined || (anchor !== undefined && id === undefined)) return "bad % escape";
  const full = path === "" ? from : posix.join(posix.dirname(from), path).replace(/\/$/, "");
  if (full === ".." || full.startsWith("../")) return "leaves the repository";
  if (tree.files.has(full)) {
    const isFile = statSync(join(tree.root, full)).isFile();
    return id === undefined || id === "" || !isFile ? undefined : anchorProblem(tree, full, id);
  }
  if (!tree.folders.has(full)) return `${full} does not exist (or git ignores it)`;
  return id ? `${full} is a folder and has no #${id}` : undefined;
}

function linkProblem(tree: Tree, from: string, target: string): string | undefined {
  if (target === "") return "empty link";
  if (/^(?:\/|\\|[a-z]:[\\/]|file:)/i.test(target)) return "absolute local path";
  if (/^[a-z][a-z0-9+.-]+:/i.test(target)) {
    return URL.canParse(target) ? undefined : "not a valid address";
  }
  return relativeProblem(tree, from, target);
}

function fileProblems(tree: Tree, file: string): string[] {
  const text = readFileSync(join(tree.root, file), "utf8");
  const problems: string[] = [];
  for (const { target, line } of linksOf(text)) {
    const problem = linkProblem(tree, file, target);
    if (problem !== undefined) problems.push(`${file}:${line} ${target}: ${problem}`);
  }
  text.split("\n").forEach((content, index) => {
    for (const [path] of content.matchAll(localPath)) {
      problems.push(`${file}:${index + 1} ${path}: a path of one machine`);
    }
  });
  return problems;
}

export interface LinkReport {
  files: number;
  problems: string[];
}

/** Checks the links of every Markdown file that git ships, without any request. */
export function checkLinks(root: string): LinkReport {
  const tree = treeOf(root);
  const files = [...tree.files].filter((file) => /\.md$/i.test(file));
  return { files: files.length, problems: files.flatMap((file) => fileProblems(tree, file)) };
}
