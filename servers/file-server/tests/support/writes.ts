import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { call, callError, refusal } from "./call.ts";
import { type Tree, withRoot } from "./files.ts";

const env = { ALLOW_WRITE: "true" };
type Input = Record<string, unknown>;

export interface Writes {
  root: string;
  run(tool: string, input: Input): Promise<Input>;
  fail(tool: string, input: Input): Promise<unknown>;
  error(tool: string, input: Input): ReturnType<typeof callError>;
  text(path: string): Promise<string>;
  /** All names in the root but the trash, with the bytes of files. */
  state(): Promise<Record<string, string>>;
}

/** Runs `work` on a root in which the tools may write. */
export const withWrites = (
  tree: Tree,
  work: (writes: Writes) => Promise<void>,
  more: Record<string, string> = {},
) => withRoot(tree, (root) => work(writesOn(root, more)));

export function writesOn(root: string, more: Record<string, string> = {}): Writes {
  const options = { env: { ...env, ...more } };
  return {
    root,
    run: (tool, input) => call(root, tool, input, options),
    fail: (tool, input) => refusal(root, tool, input, options),
    error: (tool, input) => callError(root, tool, input, options),
    text: (path) => readFile(join(root, path), "latin1"),
    state: () => stateOf(root),
  };
}

export async function stateOf(root: string): Promise<Record<string, string>> {
  const state: Record<string, string> = {};
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1);
    if (path.split("/")[0] === ".mcp-trash") continue;
    if (entry.isDirectory()) state[path] = "directory";
    else if (entry.isSymbolicLink()) state[path] = "link";
    else state[path] = await readFile(join(root, path), "hex");
  }
  return state;
}
