import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./args.ts";

/** A folder with a test suite of its own. */
export interface Project {
  /** Folder name: what a user types. */
  name: string;
  /** Absolute path. */
  dir: string;
  kind: "shared" | "server" | "scripts";
  /** The folder whose node_modules holds the project's tools; scripts use the root's. */
  toolsDir: string;
}

export const repositoryRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export function serverNames(root: string): string[] {
  const servers = join(root, "servers");
  if (!existsSync(servers)) return [];
  return readdirSync(servers, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(servers, entry.name, "package.json")))
    .map((entry) => entry.name)
    .sort();
}

export function findProjects(root: string): Project[] {
  const projects: Project[] = [];
  const shared = join(root, "shared");
  if (existsSync(join(shared, "package.json"))) {
    projects.push({ name: "shared", dir: shared, kind: "shared", toolsDir: shared });
  }
  const scripts = join(root, "scripts");
  if (existsSync(scripts)) {
    projects.push({ name: "scripts", dir: scripts, kind: "scripts", toolsDir: root });
  }
  for (const name of serverNames(root)) {
    const dir = join(root, "servers", name);
    projects.push({ name, dir, kind: "server", toolsDir: dir });
  }
  return projects;
}

/** By the number of their test files: what takes long and starts last ends alone. */
export function longestFirst(projects: readonly Project[]): Project[] {
  const tests = new Map(
    projects.map((project) => [project, countTests(join(project.dir, "tests"))]),
  );
  return [...projects].sort((a, b) => (tests.get(b) ?? 0) - (tests.get(a) ?? 0));
}

function countTests(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { encoding: "utf8", recursive: true });
  return files.filter((file) => file.endsWith(".test.ts")).length;
}

/** A project may be named by its folder, its path ("servers/greet-server/") or without "-server". */
export function isCalled(project: { name: string }, given: string): boolean {
  const plain = given
    .replaceAll("\\", "/")
    .replace(/\/+$/, "")
    .replace(/^(\.\/)?servers\//, "");
  return project.name === plain || project.name === `${plain}-server`;
}

/** The named projects, or all. */
export function selectProjects(projects: Project[], names: string[]): Project[] {
  if (names.length === 0) return projects;
  const chosen = new Set<Project>();
  const unknown: string[] = [];
  for (const name of names) {
    const found = projects.find((project) => isCalled(project, name));
    if (found) chosen.add(found);
    else unknown.push(name);
  }
  if (unknown.length > 0) {
    const known = projects.map((project) => project.name).join(", ");
    throw new UsageError(`Unknown project: ${unknown.join(", ")}. Known: ${known}`);
  }
  return projects.filter((project) => chosen.has(project));
}
