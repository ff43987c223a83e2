import { SharedError } from "../copy/errors.ts";
import { isRecord } from "../unknown.ts";
import type { Connection } from "./connection.ts";
import type { Dialect, Entry, Input } from "./dialect.ts";
import { isOfServer, objectAt, sayTheSame, updatedEntry } from "./entry.ts";
import { type Change, changeJson, parseJsonc } from "./merge-json.ts";
import { changeToml, parseToml } from "./merge-toml.ts";

/** One server as a client's file has it. */
export interface Written {
  connection: Connection;
  entry: Entry;
  inputs: Input[];
}

export interface MergeOptions {
  /** Takes the place of another server that has the name. */
  replace: boolean;
}

/** The file with these servers in it, and everything else as it was. Throws when that cannot be. */
export function mergeServers(
  text: string,
  { format, key }: Dialect,
  written: readonly Written[],
  { replace }: MergeOptions,
): string {
  const root = format === "toml" ? parseToml(text) : parseJsonc(text);
  const there = objectAt(root, key);
  const entries = Object.fromEntries(
    written.map(({ connection, entry }) => {
      const old = there[connection.name];
      if (old === undefined) return [connection.name, entry];
      if (isOfServer(old, connection)) return [connection.name, updatedEntry(old, entry)];
      if (replace) return [connection.name, entry];
      throw new SharedError(
        `it has another server called "${connection.name}": rename that one, or give --replace`,
      );
    }),
  );
  if (format === "toml") return changeToml(text, key, entries);
  const inputs = inputChanges(
    root,
    written.flatMap((one) => one.inputs),
  );
  const changes = Object.entries(entries).flatMap(([name, entry]) =>
    fieldChanges([key, name], there[name], entry),
  );
  const changed = changeJson(text, [...inputs, ...changes]);
  if (sayTheSame(objectAt(parseJsonc(changed), key), { ...there, ...entries })) return changed;
  throw new SharedError("it cannot be changed without touching the rest: add the entry by hand");
}

/** What differs, field by field, so that a comment inside an entry stays too. */
function fieldChanges(path: string[], old: unknown, entry: Entry): Change[] {
  if (!isRecord(old)) return [{ path, value: entry }];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(entry)])];
  return fields
    .filter((field) => !sayTheSame(old[field], entry[field]))
    .map((field) => ({ path: [...path, field], value: entry[field] }));
}

/** Adds the questions that are not asked yet. */
function inputChanges(root: unknown, inputs: readonly Input[]): Change[] {
  const there: unknown = isRecord(root) ? root.inputs : undefined;
  const asked = Array.isArray(there) ? there : [];
  const isAsked = (id: string) => asked.some((one) => isRecord(one) && one.id === id);
  const missing = inputs.filter(({ id }) => !isAsked(id));
  if (missing.length === 0) return [];
  if (!Array.isArray(there)) return [{ path: ["inputs"], value: missing }];
  return missing.map((value, index) => ({ path: ["inputs", asked.length + index], value }));
}
