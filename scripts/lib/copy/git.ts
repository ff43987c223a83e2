import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { SourceFile } from "./modules.ts";

export interface Git {
  /** Why a version cannot be had, in words for the user. */
  howToGet(id: string): string;
  /** The content behind an id; `fetch` also asks the remotes for it. */
  blob(id: string, fetch: boolean): Buffer | undefined;
  /** Keeps these contents, so that they can be the base of a merge before they are committed. */
  store(files: readonly SourceFile[]): void;
}

const fetchTimeoutMs = 60_000;

/** Git's view of a folder; where there is no repository everything but merging works. */
export function openGit(root: string): Git {
  const git = (args: string[], input?: Buffer) => runGit(root, args, input);
  const known = new Map<string, Buffer>();
  const stored = new Set<string>();
  let repository: boolean | undefined;
  const isRepository = () => {
    repository ??= git(["rev-parse", "--git-dir"]).status === 0;
    return repository;
  };
  const read = (id: string) => {
    const { status, stdout } = git(["cat-file", "blob", id]);
    return status === 0 ? stdout : undefined;
  };
  const fetched = (id: string) => {
    for (const remote of remotes(git)) {
      git(["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", remote, id]);
      const content = read(id);
      if (content) return content;
    }
    return undefined;
  };
  return {
    howToGet: (id) => (isRepository() ? missingHere(id) : noRepository(id)),
    blob(id, fetch) {
      const content = known.get(id) ?? (isRepository() ? read(id) : undefined);
      const found = content ?? (fetch && isRepository() ? fetched(id) : undefined);
      if (found) known.set(id, found);
      return found;
    },
    store(files) {
      const fresh = files.filter(({ blob }) => !stored.has(blob));
      if (fresh.length === 0 || !isRepository()) return;
      storeAll(root, fresh, git);
      for (const { blob } of fresh) stored.add(blob);
    },
  };
}

type Run = (args: string[], input?: Buffer) => { status: number | null; stdout: Buffer };

function storeAll(root: string, files: readonly SourceFile[], git: Run): void {
  // one process for all; a file with CRLF on disk comes back under another id and is given as text
  const paths = files.map(({ source }) => join(root, "shared", source)).join("\n");
  const { stdout } = git(
    ["hash-object", "-w", "--no-filters", "--stdin-paths"],
    Buffer.from(`${paths}\n`),
  );
  const ids = stdout.toString("utf8").split("\n");
  for (const [index, file] of files.entries()) {
    if (ids[index] !== file.blob) git(["hash-object", "-w", "--stdin"], file.content.body);
  }
}

/** One git process, without a shell, not led astray by the hook it may run in. */
export function runGit(cwd: string, args: string[], input?: Buffer) {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync("git", args, {
    cwd,
    env: { ...env, GIT_TERMINAL_PROMPT: "0" },
    input: input ?? "",
    maxBuffer: 256 * 1024 * 1024,
    timeout: fetchTimeoutMs,
    windowsHide: true,
  });
  return { status: error ? null : status, stdout, stderr };
}

function remotes(git: Run): string[] {
  const names = git(["remote"]).stdout.toString("utf8").split("\n").filter(Boolean);
  return names.sort((a, b) => Number(b === "origin") - Number(a === "origin"));
}

function missingHere(id: string): string {
  return (
    `the version it was made from (blob ${id}) is not in this clone and no remote gives it: ` +
    `run "git fetch --unshallow", or "git fetch <remote> ${id}", and copy again`
  );
}

function noRepository(id: string): string {
  return (
    `the version it was made from (blob ${id}) is needed for a merge and this is no git ` +
    "repository: copy again in a clone"
  );
}
