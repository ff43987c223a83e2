import { execFileSync } from "node:child_process";
import { devNull } from "node:os";
import { tempFolder } from "./temp-folder.ts";

/** Runs git without the configuration of the machine, which may not even have an identity. */
export function git(folder: string, ...args: string[]): string {
  const identity = { NAME: "Test", EMAIL: "test@example.com" };
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: identity.NAME,
    GIT_AUTHOR_EMAIL: identity.EMAIL,
    GIT_COMMITTER_NAME: identity.NAME,
    GIT_COMMITTER_EMAIL: identity.EMAIL,
  };
  return execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: "pipe" }).trim();
}

export function commitAll(folder: string, message: string): string {
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(folder, "rev-parse", "HEAD");
}

/** A git repository with these files in its first commit; it goes away with the test. */
export function tempRepository(files: Record<string, string>): string {
  const folder = tempFolder(files);
  git(folder, "init", "--quiet", "--initial-branch=main");
  commitAll(folder, "first");
  return folder;
}
