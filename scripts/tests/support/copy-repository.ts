import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyShared } from "../../lib/copy/copy.ts";
import { walk } from "../../lib/copy/files.ts";
import type { Report } from "../../lib/copy/report.ts";
import { tempFolder } from "./temp-folder.ts";
import { commitAll, git } from "./temp-repository.ts";

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
/** What most tests look at: a file of shared/, and its copy in a server. */
export const source = "shared/core/errors.ts";
export const copy = "src/shared/core/errors.ts";
export const file = `servers/greet-server/${copy}`;

export function repoAt(root: string): Repo {
  const at = (path: string) => join(root, path);
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
    git: (...args) => git(root, ...args),
    commit: () => void commitAll(root, "a step"),
    copy: () => copyShared({ root }),
    check: () => copyShared({ root, check: true }),
  };
}

/** One module "core" with `errors.ts` of 20 lines, and one server "greet-server" that has it. */
export function smallRepo(): Repo {
  const repo = repoAt(tempFolder());
  repo.git("init", "-q", "-b", "main");
  addModule(repo, "core");
  repo.write(source, lines());
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

/** Puts a local change on some line of the copy, under its header. */
export function edit(repo: Repo, changes: Record<number, string>): void {
  repo.write(file, header("core/errors.ts") + lines(changes));
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
