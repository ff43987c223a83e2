import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Env } from "#shared/mcp/environment.ts";
import type { Inputs } from "../remembered/inputs.ts";

export interface Substituted {
  value: unknown;
  faults: string[];
}

export interface Sources {
  env: Env;
  /** Folder that the paths of files are from. */
  base: string;
  /** Is told of what is read. */
  inputs?: Inputs | undefined;
}

/** Bytes of a file that stands for a value: a secret, not a document. */
export const MAX_FILE_BYTES = 65_536;

/**
 * `${env:NAME}` and `${file:path}`, and the forms of other programs that look like them. Only values
 * are replaced: a file that could run commands would be a program.
 */
const REFERENCE = /\$\{([a-z]+):([^}]*)\}/gi;

/** Replaces the references in every text of a JSON value; keys stay as they are. */
export function substitute(value: unknown, sources: Sources, path: string): Substituted {
  if (typeof value === "string") return substituteText(value, sources, path);
  if (typeof value !== "object" || value === null) return { value, faults: [] };
  const faults: string[] = [];
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const done = substitute(inner, sources, path === "" ? key : `${path}.${key}`);
    faults.push(...done.faults);
    return [key, done.value];
  });
  return {
    value: Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries),
    faults,
  };
}

function substituteText(text: string, sources: Sources, path: string): Substituted {
  const faults: string[] = [];
  const value = text.replaceAll(REFERENCE, (whole, kind: string, name: string) => {
    const found = lookUp(kind, name, whole, sources);
    if (found.value !== undefined) return found.value;
    faults.push(`${path}: ${found.fault}`);
    return whole;
  });
  return { value, faults };
}

type Found = { value: string; fault?: never } | { value?: never; fault: string };

function lookUp(kind: string, name: string, whole: string, { env, base, inputs }: Sources): Found {
  if (kind === "env") {
    const value = env[name];
    inputs?.variables({ [name]: { kind: "text" } });
    return value === undefined ? { fault: `the environment has no variable ${name}` } : { value };
  }
  if (kind === "file") {
    const file = resolve(base, name);
    inputs?.file(file);
    return readValue(file);
  }
  return {
    fault: `${whole} is not known here; only \${env:NAME} and \${file:path} are replaced`,
  };
}

/** The text of a file, without the newline that editors and secret stores end it with. */
function readValue(file: string): Found {
  try {
    if (statSync(file).size > MAX_FILE_BYTES)
      return { fault: `${file} is larger than ${MAX_FILE_BYTES} bytes` };
    return { value: readFileSync(file, "utf8").replace(/\r?\n$/, "") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    return { fault: `${file} cannot be read: ${String(code)}` };
  }
}
