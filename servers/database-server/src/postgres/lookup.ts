import type { Param, Row } from "../engine/types.ts";
import {
  type FunctionFacts,
  type Lookup,
  VOLATILE_FUNCTIONS,
  VOLATILE_OPERATORS,
} from "./volatility.ts";

/** How long the catalogue's answer about a name is believed, milliseconds. */
export const LOOKUP_TTL_MS = 30_000;
/** Names that are remembered. */
const MAX_NAMES = 10_000;

type Read = (sql: string, params: readonly Param[]) => Promise<Row[]>;

/** An array as PostgreSQL writes it in text. */
export const arrayText = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`;

/** Asks the catalogue of one database, and remembers its answers for a while. */
export function createLookup(now: () => number = Date.now) {
  const functions = remember(now, (row) => facts(row));
  const operators = remember(now, (row) => String(row.name));
  return (read: Read): Lookup => ({
    functions: (names) => functions(names, (missing) => read(VOLATILE_FUNCTIONS, [missing])),
    operators: (names) => operators(names, (missing) => read(VOLATILE_OPERATORS, [missing])),
  });
}

const facts = (row: Row): FunctionFacts => ({
  name: String(row.name),
  schema: String(row.schema),
  language: String(row.language),
  single: row.single === true,
  isType: row.is_type === true,
});

function remember<T>(now: () => number, parse: (row: Row) => T) {
  const known = new Map<string, { at: number; found: T[] }>();
  return async (names: readonly string[], load: (missing: string) => Promise<Row[]>) => {
    const fresh = (name: string) => now() - (known.get(name)?.at ?? -Infinity) < LOOKUP_TTL_MS;
    const missing = names.filter((name) => !fresh(name));
    if (missing.length > 0) {
      if (known.size + missing.length > MAX_NAMES) known.clear();
      const rows = await load(arrayText(missing));
      for (const name of missing) {
        const found = rows.filter((row) => row.name === name).map(parse);
        known.set(name, { at: now(), found });
      }
    }
    return names.flatMap((name) => known.get(name)?.found ?? []);
  };
}
