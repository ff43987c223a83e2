import { directoryTree } from "./directory-tree.ts";
import { getFileInfo } from "./get-file-info.ts";
import { listDirectory } from "./list-directory.ts";
import { readManyFiles } from "./read-many-files.ts";
import { readTextFile } from "./read-text-file.ts";
import { searchFiles } from "./search-files.ts";
import { searchText } from "./search-text.ts";

/** What tools read, by the tool's name: plain input, plain result, so that another thread can do it. */
export const READINGS = {
  directory_tree: directoryTree,
  get_file_info: getFileInfo,
  list_directory: listDirectory,
  read_many_files: readManyFiles,
  read_text_file: readTextFile,
  search_files: searchFiles,
  search_text: searchText,
};

type Readings = typeof READINGS;
export type ReadingName = keyof Readings;
export type InputOf<N extends ReadingName> = Parameters<Readings[N]>[1];
export type ResultOf<N extends ReadingName> = Awaited<ReturnType<Readings[N]>>;
