import { readFileSync } from "node:fs";
import type { RawZip } from "./raw-zips.ts";

export interface Setup {
  type: string;
  path?: string;
  content?: string;
  target?: string;
  mode?: string;
  size?: number;
  depth?: number;
  a?: string;
  b?: string;
  us?: number;
  char?: string;
  count?: number;
  hex?: string;
  uncompressed?: number;
  /** Of a zip that is written byte by byte. */
  zip?: RawZip;
}

/** What a file must hold after a case. */
export interface FileCheck {
  path: string;
  content?: string;
  bytesOneOf?: string[];
  /** In octal. */
  mode?: string;
  absent?: boolean;
}

export interface Expectation {
  outcome?: string;
  /** In `details.reason`. */
  reason?: string;
  mustContain?: string[];
  mustNotContain?: string[];
  maxMs?: number;
  maxRssMB?: number;
  fs?: FileCheck[];
}

export interface AttackCall {
  op: string;
  args: Record<string, unknown>;
  repeat?: number;
  concurrency?: number;
  timeoutMs?: number;
  expect?: Expectation;
}

export interface AttackCase {
  id: string;
  title: string;
  platforms?: string[];
  /** Settings beside ALLOW_WRITE, and the allowed folders in place of the one. */
  env?: Record<string, string>;
  roots?: string[];
  setup?: Setup[];
  calls: AttackCall[];
  expect: Expectation;
}

/** Operations of the collection and the tools that do them here. */
export const BINDING: Record<string, (args: Record<string, unknown>) => [string, object]> = {
  read: ({ path }) => ["read_text_file", { path }],
  read_head: ({ path, lines }) => ["read_text_file", { path, head: lines }],
  read_tail: ({ path, lines }) => ["read_text_file", { path, tail: lines }],
  list: ({ path }) => ["list_directory", { path }],
  search_name: ({ path, pattern }) => ["search_files", { path, pattern }],
  tree: ({ path }) => ["directory_tree", { path }],
  search_content: ({ path, pattern }) => ["search_text", { path, pattern }],
  info: ({ path }) => ["get_file_info", { path }],
  read_media: ({ path }) => ["read_media_file", { path }],
  read_many: ({ paths }) => ["read_many_files", { paths }],
  write: ({ path, content }) => ["write_file", { path, content }],
  append: ({ path, content }) => ["write_file", { path, content, mode: "append" }],
  edit: ({ path, old, new: by }) => ["edit_file", { path, edits: [{ old, new: by }] }],
  edit_multi: ({ path, edits }) => ["edit_file", { path, edits }],
  mkdir: ({ path }) => ["create_directory", { path }],
  move: ({ source, destination }) => ["move_path", { source, destination }],
  copy: ({ source, destination }) => ["copy_path", { source, destination }],
  unzip: ({ path, destination }) => ["extract_archive", { path, destination }],
  delete: ({ path }) => ["delete_path", { path, recursive: true }],
};

/** What only a Windows disk has. The other cases of Windows hold everywhere: the names are refused. */
const NEEDS_WINDOWS = ["F-WIN-14", "F-WIN-16"];

export const runsHere = ({ id, platforms = [process.platform] }: AttackCase) =>
  platforms.includes(process.platform) ||
  (platforms.includes("win32") && !NEEDS_WINDOWS.includes(id));

interface Collection {
  fixture: Setup[];
  cases: AttackCase[];
}

/** Not imported: one case has half a character in it, which the bundler's reader of JSON refuses. */
const collection = (name: string): Collection =>
  JSON.parse(readFileSync(`tests/fixtures/${name}`, "utf8"));

export const COLLECTION = collection("attacks.json");
/** Cases of the same kinds, with operations and files that the collection does not know. */
export const MORE = collection("more-attacks.json");

/** Puts the folders of this run, and whatever else a placeholder stands for, into a case. */
export function fillIn<T>(value: T, names: Readonly<Record<string, string>>): T {
  if (typeof value === "string") {
    const filled = value
      .replace(/\$\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole)
      .replace(/\$\{REPEAT:(\d+):([^}]*)\}/g, (_, count, text: string) =>
        text.repeat(Number(count)),
      )
      .replace(/\$\{FILL:(\d+)\}/g, (_, count) => "x".repeat(Number(count)));
    const list = /^\$\{LIST:(\d+):([^}]*)\}$/.exec(filled);
    if (list) return Array.from({ length: Number(list[1]) }, () => list[2]) as T;
    return filled as T;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => fillIn(item, names)) as T;
  const entries = Object.entries(value).map(([key, item]) => [key, fillIn(item, names)]);
  return Object.fromEntries(entries) as T;
}
