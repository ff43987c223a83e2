import { dirname, join, posix } from "node:path";
import type { CodeFacts } from "../code.ts";
import type { ForeignServer, SourceFile } from "./source.ts";

/** Where the imported code goes, in the server's folder. */
export const ORIGINAL = "src/original";
const BRIDGE = "#shared/bridge/stdio.ts";
const STDIO = ["@modelcontextprotocol/sdk/server/stdio.js", "@modelcontextprotocol/server/stdio"];

/** Whoever takes this line away sees what stricter settings have to say about the file. */
export const NO_CHECK = "// @ts-nocheck Imported as it was: see IMPORT.md.\n";

/** The files as they are written: imports lead to files, and stdio to the bridge. */
export function copiedCode({ files }: ForeignServer): Map<string, string> {
  const paths = new Set(files.map(({ path }) => path));
  return new Map(files.map((file) => [join(ORIGINAL, file.path), rewritten(file, paths)]));
}

function rewritten({ path, text, facts }: SourceFile, paths: ReadonlySet<string>): string {
  if (!facts) return text;
  const changed = renameImports(text, facts, (specifier) => nameFor(path, specifier, paths));
  const [first = "", ...rest] = changed.split("\n");
  return first.startsWith("#!") ? NO_CHECK + rest.join("\n") : NO_CHECK + changed;
}

function nameFor(from: string, specifier: string, paths: ReadonlySet<string>): string {
  if (STDIO.includes(specifier)) return BRIDGE;
  if (!/^\.\.?(\/|$)/.test(specifier)) return specifier;
  const bare = specifier.replace(/\.[cm]?jsx?$/, "");
  const endings = [".ts", ".tsx", ".mts", ".cts", "/index.ts"];
  const named = [specifier, ...endings.map((ending) => bare + ending)];
  const isThere = (name: string) => paths.has(posix.join(dirname(from), name));
  return named.find(isThere) ?? specifier;
}

function renameImports(
  text: string,
  { imports }: CodeFacts,
  nameOf: (specifier: string) => string,
): string {
  const last = [...imports].sort((a, b) => b.start - a.start);
  return last.reduce((code, { specifier, start, end }) => {
    const name = nameOf(specifier);
    return name === specifier
      ? code
      : code.slice(0, start) + JSON.stringify(name) + code.slice(end);
  }, text);
}

/** The packages that its code names, without those of Node. */
export function packagesIn({ files }: ForeignServer): Set<string> {
  const names = files.flatMap(({ facts }) =>
    (facts?.imports ?? []).map(({ specifier }) => specifier),
  );
  const packages = names.flatMap(
    (name) => /^((?:@[\w.-]+\/)?\w[\w.-]*)(?:\/|$)/.exec(name)?.[1] ?? [],
  );
  return new Set(packages);
}
