import { isAbsolute, join } from "node:path";
import { fs } from "#shared/core/builtin.ts";
import { detectPlatform } from "#shared/core/platform.ts";
import type { AnswerSource } from "#shared/mcp/answers.ts";
import type { Env } from "#shared/mcp/environment.ts";
import { isPlainlyRight, type LockedVariable, membersOf } from "#shared/mcp/prepared.ts";

/**
 * What a start over stdio answered with, and all that it was made from. The next start answers the same
 * before the gateway is loaded, as long as nothing of that is other than it was.
 */
export interface Memory {
  /** Whose it is: see `ownerOf`. */
  owner: readonly string[];
  /** Each file and folder that was looked at, as `look` tells it. */
  files: Readonly<Record<string, string>>;
  /** The variables that were asked for. */
  variables: readonly NamedVariable[];
  /** What they were, as `environmentOf` tells it. */
  environment: string;
  answers: Omit<AnswerSource, "listTools"> & { tools: string };
}

export type NamedVariable = readonly [name: string, variable: LockedVariable];

/** The program and its working folder; undefined from source, whose changes nobody notes. */
export function ownerOf(): string[] | undefined {
  const [, program] = process.argv;
  return program === undefined || program.endsWith(".ts") ? undefined : [program, process.cwd()];
}

/** Where memories lie: in the user's folder for what may be deleted at any time; undefined when there is none. */
export function memoryFolder({ XDG_CACHE_HOME, HOME, LOCALAPPDATA }: Env): string | undefined {
  const ofUser = process.platform === "win32" ? LOCALAPPDATA : HOME && join(HOME, ".cache");
  const folder = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : ofUser;
  return folder && join(folder, "flotilla-gateway");
}

export const memoryFile = (folder: string, owner: readonly string[]): string =>
  join(folder, `${digest(owner.join("\n"))}.json`);

/** The answers of an earlier start from the same; undefined when there are none, or they are not to be trusted. */
export function recall(env: Env): AnswerSource | undefined {
  try {
    const owner = ownerOf();
    const folder = memoryFolder(process.env);
    if (!owner || !folder) return undefined;
    const memory: Memory = JSON.parse(readPrivate(memoryFile(folder, owner)));
    if (!isOf(memory, owner, env)) return undefined;
    const { tools, ...rest } = memory.answers;
    return { ...rest, listTools: () => tools };
  } catch {
    return undefined; // the ordinary start says what is wrong, if it matters
  }
}

const isOf = ({ owner, variables, environment, files }: Memory, now: string[], env: Env) =>
  owner.join("\n") === now.join("\n") &&
  environmentOf(variables, env) === environment &&
  Object.entries(files).every(([path, seen]) => look(path) === seen);

/** Throws where others than the user could have written it. */
function readPrivate(file: string): string {
  const { openSync, fstatSync, readFileSync, closeSync } = fs();
  const open = openSync(file, "r");
  try {
    const { uid, mode } = fstatSync(open);
    // Windows has neither, and keeps the user's folders by other means
    const isPrivate = !process.getuid || (uid === process.getuid() && (mode & 0o077) === 0);
    if (!isPrivate) throw new Error(`${file} is not private`);
    return readFileSync(open, "utf8");
  } finally {
    closeSync(open);
  }
}

/** A file or folder without reading it: another text when it may be another. "" when there is none. */
export function look(path: string): string {
  const found = fs().statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(" ") : "";
}

/**
 * What decided of the environment, without a value of it: memories lie on disk. Of a secret that is of
 * its ordinary form only that counts. From the digest, over all the others together, nobody learns what
 * they could not have guessed, and `node:crypto` takes a tenth of a start to load.
 */
export function environmentOf(variables: readonly NamedVariable[], env: Env): string {
  const told = variables.flatMap(([name, variable]) =>
    membersOf(name, variable, env)
      .sort()
      .filter((member) => env[member] !== undefined)
      .map((member) => [
        member,
        (variable.secret && isPlainlyRight(variable, env[member])) || env[member],
      ]),
  );
  return digest(JSON.stringify([detectPlatform(env).name, told]));
}

/** 64 bits of a text, mixed as FNV-1a does: tells apart what nobody has a reason to forge. */
function digest(text: string): string {
  let a = 0x811c9dc5;
  let b = 0xcbf29ce4;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit ^ (a >>> 15), 0x85ebca6b);
  }
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
