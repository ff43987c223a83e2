import { join } from "node:path";
import {
  FOUND,
  LISTED,
  MARKS,
  NAME_PATTERN,
  NEEDLE,
  NEEDLE_PATTERN,
  PLACES,
  smallFiles,
} from "./file-tree.ts";
import type { ToolCall } from "./messages.ts";

/** A command that does the same with nothing in between, and what it prints. */
export interface Limit {
  command: string;
  args: string[];
}

export interface FilesCase {
  name: string;
  ours(run: number): ToolCall;
  /** Absent: the peer has no such tool. */
  peer?(run: number): ToolCall;
  limit?(run: number): Limit;
  /** What each answer must hold, so that nobody is fast by doing nothing. */
  answer: { text: string; times?: number };
}

const SMALL_FILES = 100;
const LAST_LINES = 100;

/** What is done with the files of `makeFiles`, by our server, by the peer and by plain programs. */
export function filesCases(folder: string, rg: string | undefined): FilesCase[] {
  const at = (place: string) => join(folder, place);
  const small = smallFiles(SMALL_FILES);
  return [
    {
      name: `list ${LISTED} entries with sizes`,
      ours: () => tool("list_directory", { path: PLACES.listed, limit: LISTED }),
      peer: () => tool("list_directory_with_sizes", { path: at(PLACES.listed) }),
      limit: () => ({
        command: "find",
        args: [at(PLACES.listed), "-maxdepth", "1", "-printf", "%f %s %T@\\n"],
      }),
      answer: { text: "file-", times: LISTED },
    },
    {
      name: `list the names of ${LISTED} entries`,
      ours: () => tool("list_directory", { path: PLACES.listed, limit: LISTED, details: false }),
      peer: () => tool("list_directory", { path: at(PLACES.listed) }),
      limit: () => ({ command: "find", args: [at(PLACES.listed), "-maxdepth", "1"] }),
      answer: { text: "file-", times: LISTED },
    },
    {
      name: `find ${FOUND} names among 100,000 files`,
      ours: () => tool("search_files", { path: PLACES.tree, pattern: NAME_PATTERN }),
      peer: () => tool("search_files", { path: at(PLACES.tree), pattern: `**/${NAME_PATTERN}` }),
      limit: () => ({ command: "find", args: [at(PLACES.tree), "-name", NAME_PATTERN] }),
      answer: { text: "report-", times: FOUND },
    },
    searching("search a text in 100,000 files", NEEDLE, false),
    searching("search an expression in 100,000 files", NEEDLE_PATTERN, true),
    {
      ...searching("search a text in one file of 20 MB", NEEDLE, false, PLACES.large),
      answer: { text: NEEDLE },
    },
    {
      ...searching("search an expression in one file of 20 MB", NEEDLE_PATTERN, true, PLACES.large),
      answer: { text: NEEDLE },
    },
    {
      name: `read ${SMALL_FILES} small files`,
      ours: () => tool("read_many_files", { paths: small }),
      peer: () => tool("read_multiple_files", { paths: small.map(at) }),
      limit: () => ({ command: "cat", args: small.map(at) }),
      answer: { text: "ka" },
    },
    reading("first lines of a file of 2 GB", "head", PLACES.huge),
    reading("last lines of a file of 2 GB", "tail", PLACES.huge),
    reading("last lines of a file of 1 MB", "tail", PLACES.small),
    {
      name: "edit a file of 20 MB",
      ours: (run) => {
        const [old, by] = marks(run);
        return tool("edit_file", { path: PLACES.edited, edits: [{ old, new: by }] });
      },
      peer: (run) => {
        const [oldText, newText] = marks(run);
        return tool("edit_file", { path: at(PLACES.edited), edits: [{ oldText, newText }] });
      },
      limit: (run) => {
        const [old, by] = marks(run);
        return { command: "sed", args: ["-i", `s/${old}/${by}/`, at(PLACES.edited)] };
      },
      answer: { text: "" },
    },
  ];

  function searching(
    name: string,
    pattern: string,
    regex: boolean,
    place = PLACES.tree,
  ): FilesCase {
    const kind = regex ? [] : ["--fixed-strings"];
    return {
      name,
      ours: () => tool("search_text", { path: place, pattern, regex }),
      ...(rg !== undefined && {
        limit: () => ({ command: rg, args: ["--line-number", ...kind, pattern, at(place)] }),
      }),
      answer: { text: NEEDLE, times: FOUND },
    };
  }

  function reading(name: string, end: "head" | "tail", place: string): FilesCase {
    return {
      name,
      ours: () => tool("read_text_file", { path: place, [end]: LAST_LINES }),
      peer: () => tool("read_text_file", { path: at(place), [end]: LAST_LINES }),
      limit: () => ({ command: end, args: ["-n", String(LAST_LINES), at(place)] }),
      answer: { text: "ka" },
    };
  }
}

const tool = (name: string, input: Record<string, unknown>): ToolCall => ({
  name,
  arguments: input,
});

/** The mark that is there in this run, and the one that takes its place. */
const marks = (run: number) => (run % 2 === 0 ? MARKS : ([MARKS[1], MARKS[0]] as const));
