import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { readCode } from "../code.ts";
import { asObject } from "../copy/json.ts";
import type { Project } from "../projects.ts";
import { type Finding, fault, type Rule } from "./finding.ts";
import { manifestOf } from "./package-rules.ts";

const SKIPPED = new Set(["node_modules", "dist", "coverage", ".git"]);
export const CODE = /\.[cm]?[jt]sx?$/;
export const sourceRules: Rule[] = [
  { name: "nothing is imported from outside the folder", look: lookAtImports },
  { name: "what it imports is in its package.json", look: lookAtPackages },
];

export interface SourceFile {
  /** From the server's folder, with slashes. */
  path: string;
  text: string;
}

/** The code and settings of a server, without what is installed or built. */
export function sourcesOf({ dir }: Project, wanted: RegExp): SourceFile[] {
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (SKIPPED.has(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? walk(path) : [path];
    });
  return walk(dir)
    .filter((path) => wanted.test(path) && lstatSync(path).isFile())
    .map((path) => ({
      path: relative(dir, path).split(sep).join("/"),
      text: readFileSync(path, "utf8"),
    }));
}

const specifiersIn = ({ path, text }: SourceFile): string[] =>
  readCode(path, text).imports.map(({ specifier }) => specifier);

function lookAtImports(server: Project): Finding[] {
  const isOutside = (path: string) => {
    const way = relative(server.dir, path);
    return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
  };
  const cure = "copy it into the folder, or take it from a module of shared/: flotilla.shared";
  const code = sourcesOf(server, CODE).flatMap((file) =>
    specifiersIn(file)
      .filter((specifier) => /^[./]|^file:/.test(specifier))
      .filter((specifier) => isOutside(resolve(server.dir, dirname(file.path), specifier)))
      .map((specifier) => fault(`${file.path} imports "${specifier}"`, cure)),
  );
  const settings = sourcesOf(server, /tsconfig[^/\\]*\.json$/).flatMap(({ path, text }) =>
    [...text.matchAll(/"((?:\.\.?\/)[^"]*)"/g)]
      .map(([, target = ""]) => target)
      .filter((target) => isOutside(resolve(server.dir, dirname(path), target)))
      .map((target) =>
        fault(`${path} names "${target}"`, "keep a copy: shared/toolchain has tsconfig.base.json"),
      ),
  );
  return [...code, ...settings, ...linksOut(server, isOutside)];
}

function linksOut({ dir }: Project, isOutside: (path: string) => boolean): Finding[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(dir, path)
          .split(sep)
          .some((part) => SKIPPED.has(part)),
    )
    .filter((path) => isOutside(realpathSync(path)))
    .map((path) =>
      fault(`${relative(dir, path)} is a link out of the folder`, "put the file itself there"),
    );
}

/** A package that only happens to be installed, by another one or further up. */
function lookAtPackages(server: Project): Finding[] {
  const manifest = manifestOf(server);
  const declared = new Set(
    ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].flatMap(
      (group) => Object.keys(asObject(manifest[group] ?? {}, group)),
    ),
  );
  declared.add(String(manifest.name));
  const found = new Map<string, string>();
  for (const file of sourcesOf(server, CODE).filter(({ path }) => path.startsWith("src/")))
    for (const specifier of specifiersIn(file)) {
      const [, name = ""] = /^((?:@[\w.-]+\/)?\w[\w.-]*)(?:\/|$)/.exec(specifier) ?? [];
      if (name === "" || specifier.includes(":") || isBuiltin(name) || declared.has(name)) continue;
      found.set(name, found.get(name) ?? file.path);
    }
  return [...found].map(([name, path]) =>
    fault(
      `${path} imports "${name}", which package.json does not name`,
      `run npx -y pnpm@12 add ${name} in its folder`,
    ),
  );
}
