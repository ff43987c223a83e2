import { SharedError } from "./errors.ts";
import { readPlain, replaceFile, type Scratch } from "./files.ts";
import { asObject, type JsonObject } from "./json.ts";
import type { Module } from "./modules.ts";

export interface PackageDifference {
  readonly name: string;
  readonly section: "dependencies" | "devDependencies";
  readonly has: string | undefined;
  readonly wants: string;
}

/** Where a server's package.json and the packages that its modules import disagree. */
export function packageDifferences(manifest: JsonObject, modules: readonly Module[]) {
  return [...packagesOf(modules)].flatMap(([name, wants]): PackageDifference[] => {
    const found = (["dependencies", "devDependencies"] as const)
      .map((section) => ({ name, section, wants, has: rangeIn(manifest, section, name) }))
      .filter(({ has }) => has !== undefined);
    if (found.length === 0) return [{ name, section: "devDependencies", has: undefined, wants }];
    return found.filter(({ has }) => has !== wants);
  });
}

/** Writes the differences into package.json and leaves the rest of it as it is. */
export function alignPackages(
  folder: string,
  differences: readonly PackageDifference[],
  scratch: Scratch,
): void {
  const seen = readPlain(folder, "package.json");
  const text = seen?.toString("utf8") ?? "{}";
  const manifest = asObject(JSON.parse(text), "package.json");
  for (const { section, name, wants } of differences) {
    const ranges = { ...asObject(manifest[section] ?? {}, section), [name]: wants };
    manifest[section] = Object.fromEntries(
      Object.entries(ranges).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const next = Buffer.from(`${JSON.stringify(manifest, null, indent)}\n`);
  replaceFile(scratch, { folder, path: "package.json", seen, next });
}

function packagesOf(modules: readonly Module[]): Map<string, string> {
  const wanted = new Map<string, { range: string; module: string }>();
  for (const module of modules) {
    for (const [name, range] of Object.entries(module.packages)) {
      const other = wanted.get(name);
      if (other && other.range !== range) {
        throw new SharedError(
          `shared/${other.module} wants ${name} ${other.range} and shared/${module.name} wants ` +
            `${range}: make the ranges in their module.json the same`,
        );
      }
      wanted.set(name, { range, module: module.name });
    }
  }
  return new Map([...wanted].map(([name, { range }]) => [name, range]));
}

function rangeIn(manifest: JsonObject, section: string, name: string): string | undefined {
  const range = asObject(manifest[section] ?? {}, section)[name];
  return range === undefined ? undefined : String(range);
}
