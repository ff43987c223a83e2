import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blobId, type Content, sha256, toContent } from "./content.ts";
import { SharedError } from "./errors.ts";
import { walk } from "./files.ts";
import { asInnerPath, asText, asTextRecord, asTexts, readJson } from "./json.ts";

export interface SourceFile {
  /** Below shared/, e.g. "core/errors.ts". */
  readonly source: string;
  /** Below the server's folder, e.g. "src/shared/core/errors.ts". */
  readonly path: string;
  readonly content: Content;
  readonly blob: string;
  readonly sha256: string;
  readonly executable: boolean;
}

export interface Module {
  readonly name: string;
  readonly description: string;
  readonly needs: readonly string[];
  readonly packages: Readonly<Record<string, string>>;
  /** Where its files land in a server, e.g. "src/shared/core"; "" is the server's own folder. */
  readonly folder: string;
  readonly files: readonly SourceFile[];
}

/** Every module below shared/, by name. A folder without module.json is none. */
export function listModules(root: string): Module[] {
  const shared = join(root, "shared");
  if (!existsSync(shared)) {
    throw new SharedError(`${root} has no shared/ folder: run this in the whole repository`);
  }
  return readdirSync(shared)
    .filter((name) => existsSync(join(shared, name, "module.json")))
    .sort()
    .map((name) => readModule(shared, name));
}

/** The named modules and all they need, each once, in a fixed order. */
export function withNeeds(modules: readonly Module[], names: readonly string[]): Module[] {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const taken = new Map<string, Module>();
  const take = (name: string, wantedBy: string) => {
    if (taken.has(name)) return;
    const module = byName.get(name);
    if (!module) {
      const known = [...byName.keys()].join(", ") || "none";
      throw new SharedError(`${wantedBy} names the module "${name}", which is not in: ${known}`);
    }
    taken.set(name, module);
    for (const need of module.needs) take(need, `shared/${name}/module.json`);
  };
  for (const name of names) take(name, "flotilla.shared in package.json");
  return [...taken.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a server must hold, by path; two modules may not want the same place. */
export function filesOf(modules: readonly Module[]): Map<string, SourceFile> {
  const files = new Map<string, SourceFile>();
  for (const file of modules.flatMap((module) => module.files)) {
    const other = files.get(file.path);
    if (other) {
      throw new SharedError(
        `shared/${other.source} and shared/${file.source} both land at ${file.path}: rename one`,
      );
    }
    files.set(file.path, file);
  }
  return files;
}

function readModule(shared: string, name: string): Module {
  const label = `shared/${name}/module.json`;
  const json = readJson(join(shared, name, "module.json"), label);
  const target = json.target ?? "src/shared";
  const folder = target === "." ? "" : `${asInnerPath(target, `${label} target`)}/${name}`;
  return {
    name,
    description: asText(json.description, `${label} description`),
    needs: asTexts(json.needs ?? [], `${label} needs`),
    packages: asTextRecord(json.packages ?? {}, `${label} packages`),
    folder,
    files: walk(join(shared, name))
      .filter((path) => path !== "module.json")
      .map((path) => readSource(shared, `${name}/${path}`, folder && `${folder}/`, path)),
  };
}

function readSource(shared: string, source: string, before: string, inside: string): SourceFile {
  const stat = lstatSync(join(shared, source));
  if (!stat.isFile()) throw new SharedError(`shared/${source} is not a plain file`);
  const path = before + inside;
  if (path === "package.json" || path === "shared.lock.json") {
    throw new SharedError(`shared/${source} would land on the server's own ${path}`);
  }
  const executable = (stat.mode & 0o100) !== 0;
  return withContent({ source, path, executable }, toContent(readFileSync(join(shared, source))));
}

/** The same file saying something else. */
export function withContent(
  file: Pick<SourceFile, "source" | "path" | "executable">,
  content: Content,
): SourceFile {
  return { ...file, content, blob: blobId(content.body), sha256: sha256(content.body) };
}
