import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Folders, folders in each, files in each of those: 100,000 files. */
export const TREE = { folders: 100, inner: 10, files: 100 };
/** One file of so many has a name, and another the line, that is looked for. */
const RARE = 2_000;
const LINES_OF_A_FILE = 20;
/** Files of the folder that is listed. */
export const LISTED = 1_000;
export const HUGE_BYTES = 2 * 2 ** 30;
export const SMALL_BYTES = 2 ** 20;
export const EDITED_BYTES = 20 * 2 ** 20;

/** What is looked for, and how often it is there. */
export const NEEDLE = "the lighthouse keeper counts 4711 gulls";
export const NEEDLE_PATTERN = "lighthouse [a-z]+ counts \\d+ gulls";
export const NAME_PATTERN = "report-*.md";
export const FOUND = (TREE.folders * TREE.inner * TREE.files) / RARE;
/** What an edit finds, and what it puts there, in turns. */
export const MARKS = ["mark: ebb tide", "mark: high tide"] as const;

/** The names below the folder that `makeFiles` fills. */
export const PLACES = {
  tree: "tree",
  listed: "listed",
  huge: "huge.log",
  small: "small.log",
  large: "large",
  edited: "edited.txt",
};

/** The same files at each run: the words are drawn by a generator with a fixed seed. */
export function makeFiles(folder: string): void {
  const words = wordsFrom(1);
  makeTree(join(folder, PLACES.tree), words);
  mkdirSync(join(folder, PLACES.listed));
  for (let i = 0; i < LISTED; i += 1)
    writeFileSync(join(folder, PLACES.listed, `file-${i}.txt`), line(words));
  const text = textOf(words, SMALL_BYTES);
  writeFileSync(join(folder, PLACES.small), text);
  makeHuge(join(folder, PLACES.huge), text);
  const large = textOf(words, EDITED_BYTES);
  const half = large.length / 2;
  const marked = (mark: string) => `${large.slice(0, half)}\n${mark}\n${large.slice(half)}`;
  mkdirSync(join(folder, PLACES.large));
  writeFileSync(join(folder, PLACES.large, "text.txt"), marked(NEEDLE));
  writeFileSync(join(folder, PLACES.edited), marked(MARKS[0]));
}

/** The small files that are read at once, relative to the folder. */
export const smallFiles = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => join(PLACES.tree, fileName(index + 1)));

function fileName(index: number): string {
  const { inner, files } = TREE;
  const folder = Math.floor(index / (inner * files));
  const middle = Math.floor(index / files) % inner;
  const kind = index % RARE === 0 ? "report" : "note";
  return join(`folder-${folder}`, `part-${middle}`, `${kind}-${index % files}.md`);
}

function makeTree(folder: string, words: () => string): void {
  const { folders, inner, files } = TREE;
  for (let index = 0; index < folders * inner * files; index += 1) {
    const path = join(folder, fileName(index));
    if (index % files === 0) mkdirSync(join(path, ".."), { recursive: true });
    const lines = Array.from({ length: LINES_OF_A_FILE }, () => line(words));
    if (index % RARE === RARE / 2) lines[LINES_OF_A_FILE / 2] = `${NEEDLE}\n`;
    writeFileSync(path, lines.join(""));
  }
}

/** Text at both ends and nothing between them: what is in the middle of a log costs no disk. */
function makeHuge(path: string, text: string): void {
  writeFileSync(path, text);
  truncateSync(path, HUGE_BYTES - text.length);
  const file = openSync(path, "r+");
  writeSync(file, text, HUGE_BYTES - text.length);
  closeSync(file);
}

function textOf(words: () => string, bytes: number): string {
  let text = "";
  while (text.length < bytes) text += line(words);
  return text;
}

const line = (words: () => string) => `${Array.from({ length: 8 }, words).join(" ")}\n`;

const SYLLABLES = ["ka", "lo", "mi", "ne", "ru", "sa", "to", "vi"];

function wordsFrom(seed: number): () => string {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 16;
  };
  return () =>
    Array.from({ length: 1 + (next() % 3) }, () => SYLLABLES[next() % SYLLABLES.length]).join("");
}
