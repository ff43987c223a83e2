import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../args.ts";
import { type CodeFacts, readCode } from "../code.ts";
import { SharedError } from "../copy/errors.ts";
import { asObject, type JsonObject, readJson } from "../copy/json.ts";

/** One file of the server that is imported. */
export interface SourceFile {
  /** From the folder of all its sources, with slashes. */
  path: string;
  text: string;
  /** Of code; data is copied as it is. */
  facts?: CodeFacts;
}

/** A server as it was written elsewhere. */
export interface ForeignServer {
  manifest: JsonObject;
  sdk: "1.x" | "2.x";
  /** Among the files: what starts or exports the server. */
  entry: string;
  files: SourceFile[];
  /** Text of its licence, if it has a file of it. */
  licence: string | undefined;
  /** How many test files it has, which are not brought over. */
  tests: number;
}

const SDKS = { "@modelcontextprotocol/sdk": "1.x", "@modelcontextprotocol/server": "2.x" } as const;

/** Reads a folder with an MCP server in TypeScript. Throws when it is none. */
export function readForeign(folder: string, entry?: string): ForeignServer {
  if (!existsSync(join(folder, "package.json")))
    throw new UsageError(`${folder} has no package.json: give the folder of a package`);
  const manifest = readJson(join(folder, "package.json"), "its package.json");
  const start = resolve(folder, entry ?? entryOf(folder, manifest));
  if (!existsSync(start)) throw new UsageError(`there is no ${start}: give --entry`);
  const paths = reachable(start);
  const top = commonFolder(paths);
  const inside = (path: string) => relative(top, path).split(sep).join("/");
  return {
    manifest,
    sdk: sdkOf(manifest),
    entry: inside(start),
    files: [...paths].map(([path, file]) => ({ ...file, path: inside(path) })),
    licence: licenceOf(folder),
    tests: countTests(folder),
  };
}

function sdkOf(manifest: JsonObject): ForeignServer["sdk"] {
  const names = ["dependencies", "devDependencies", "peerDependencies"].flatMap((group) =>
    Object.keys(asObject(manifest[group] ?? {}, group)),
  );
  const found = Object.entries(SDKS).find(([name]) => names.includes(name));
  if (found) return found[1];
  throw new SharedError(
    `it depends on neither ${Object.keys(SDKS).join(" nor ")}: only servers on the SDK can be imported`,
  );
}

/** What is built to the command that package.json names. */
function entryOf(folder: string, { bin, main }: JsonObject): string {
  const built = typeof bin === "string" ? bin : Object.values(asObject(bin ?? {}, "bin"))[0];
  const target = String(built ?? main ?? "");
  const name = target.replace(/^(\.\/)?/, "").replace(/\.[cm]?js$/, "");
  const inside = name.replace(/^(dist|build|lib|out)\//, "");
  const candidates = [`src/${inside}.ts`, `${inside}.ts`, `${name}.ts`, "src/index.ts", "index.ts"];
  const found = candidates.find((candidate) => existsSync(join(folder, candidate)));
  if (found) return found;
  throw new UsageError(`none of ${candidates.join(", ")} is there: give --entry`);
}

type Read = Omit<SourceFile, "path">;

/** The file and all that it imports from beside it. */
function reachable(start: string): Map<string, Read> {
  const found = new Map<string, Read>();
  const follow = (path: string) => {
    if (found.has(path)) return;
    const text = readFileSync(path, "utf8");
    if (!/\.[cm]?[jt]sx?$/.test(path)) {
      found.set(path, { text });
      return;
    }
    const facts = readCode(path, text);
    found.set(path, { text, facts });
    for (const { specifier } of facts.imports)
      if (/^\.\.?(\/|$)/.test(specifier)) follow(fileOf(path, specifier));
  };
  follow(start);
  return found;
}

/** The file that a relative import means: "./x.js" is written for "./x.ts". */
export function fileOf(from: string, specifier: string): string {
  const target = resolve(dirname(from), specifier);
  const bare = target.replace(/\.[cm]?jsx?$/, "");
  const candidates = [
    ...(bare === target ? [target] : []),
    ...[".ts", ".tsx", ".mts", ".cts"].map((ending) => bare + ending),
    join(target, "index.ts"),
    target,
  ];
  const isFile = (path: string) => existsSync(path) && /\.\w+$/.test(path);
  const found = candidates.find(isFile);
  if (found) return found;
  throw new SharedError(`${from} imports "${specifier}", which is not there: build or generate it`);
}

function commonFolder(paths: ReadonlyMap<string, unknown>): string {
  const parts = [...paths.keys()].map((path) => dirname(path).split(sep));
  const [first = []] = parts;
  const length = first.findIndex((part, at) => parts.some((other) => other[at] !== part));
  return (length < 0 ? first : first.slice(0, length)).join(sep) || sep;
}

/** Beside it, or above it where it is one package of many. */
function licenceOf(folder: string): string | undefined {
  const name = readdirSync(folder).find((file) => /^licen[cs]e(\.\w+)?$/i.test(file));
  if (name !== undefined) return readFileSync(join(folder, name), "utf8");
  const above = dirname(dirname(folder));
  const isMonorepo = existsSync(join(above, "package.json")) && above !== folder;
  return isMonorepo ? licenceOf(above) : undefined;
}

const countTests = (folder: string): number =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => !path.includes("node_modules") && /\.(test|spec)\.[cm]?[jt]sx?$/.test(path))
    .length;
