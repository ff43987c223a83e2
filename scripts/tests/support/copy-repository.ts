import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyShared } from "../../lib/copy/copy.ts";
import { walk } from "../../lib/copy/files.ts";
import type { Report } from "../../lib/copy/report.ts";

/** A repository of one test, in the temp folder. */
export interface Repo {
  readonly root: string;
  write(path: string, text: string | Buffer): void;
  read(path: string): string;
  has(path: string): boolean;
  remove(path: string): void;
  /** All files except git's, as path to content. */
  snapshot(): Record<string, string>;
  git(...args: string[]): string;
  commit(): void;
  copy(): Promise<Report>;
  check(): Promise<Report>;
}

export const header = (source: string) =>
  `// Copied from shared/${source} by "pnpm shared:copy": edit it there, or keep a local change ` +
  'with "pnpm shared:detach".\n';

const scripts = fileURLToPath(new URL("../..", import.meta.url));
const made: string[] = [];

/** A temp folder that `removeTempFolders` removes. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "flotilla-test-"));
  made.push(folder);
  return folder;
}

export function removeTempFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function repoAt(root: string): Repo {
  const at = (path: string) => join(root, path);
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, env: gitEnv(root), encoding: "utf8", stdio: "pipe" });
  return {
    root,
    write(path, text) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), text);
    },
    read: (path) => readFileSync(at(path), "utf8"),
    has: (path) => existsSync(at(path)),
    remove: (path) => rmSync(at(path)),
    snapshot() {
      const files = walk(root).filter((path) => !path.startsWith(".git/"));
      return Object.fromEntries(files.map((path) => [path, readFileSync(at(path), "latin1")]));
    },
    git,
    commit() {
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", "a step");
    },
    copy: () => copyShared({ root }),
    check: () => copyShared({ root, check: true }),
  };
}

/** One module "core" with `errors.ts` of 20 lines, and one server "greet-server" that has it. */
export function smallRepo(): Repo {
  const repo = repoAt(tempFolder());
  repo.git("init", "-q", "-b", "main");
  addModule(repo, "core");
  repo.write("shared/core/errors.ts", lines());
  addServer(repo, "greet-server", ["core"]);
  repo.commit();
  return repo;
}

export function addModule(repo: Repo, name: string, more: object = {}): void {
  const module = { description: `What ${name} is for`, needs: [], packages: {}, ...more };
  repo.write(`shared/${name}/module.json`, JSON.stringify(module));
}

export function addServer(repo: Repo, name: string, shared: string[], more: object = {}): void {
  const manifest = { name, ...more, flotilla: { title: name, port: 3000, shared } };
  repo.write(`servers/${name}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Twenty numbered lines, some replaced. */
export function lines(changes: Record<number, string> = {}): string {
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  return numbers.map((n) => `${changes[n] ?? `export const line${n} = ${n};`}\n`).join("");
}

export function command(name: "copy" | "promote" | "detach", ...args: string[]) {
  const argv = ["--import", "tsx", join(scripts, `shared-${name}.ts`), ...args];
  return { file: process.execPath, argv, cwd: dirname(scripts) };
}

/** Runs a command as a user does and returns how it ended. */
export function run(name: "copy" | "promote" | "detach", ...args: string[]) {
  const { file, argv, cwd } = command(name, ...args);
  const { status, stdout, stderr } = spawnSync(file, argv, { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The findings as "kind path", failed ones with a "!". */
export function kinds(report: Report): string[] {
  return report.findings.map(({ kind, path, failed }) => `${failed ? "!" : ""}${kind} ${path}`);
}

function gitEnv(home: string) {
  const who = { NAME: "Test", EMAIL: "test@example.invalid" };
  return {
    PATH: process.env.PATH,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
}
