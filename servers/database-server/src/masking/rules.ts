import { refuse } from "../engine/refusal.ts";
import type { Column, Table } from "../engine/types.ts";

/** Which columns are hidden, by patterns: `column` in any table, or `table.column`; `*` is any text. */
export interface MaskRules {
  readonly patterns: readonly string[];
  hides(table: string, column: string): boolean;
  /** A column of a result that comes from nowhere in particular is judged by its name alone. */
  hidesName(column: string): boolean;
}

export const MASK = "[masked]";

export function maskRules(patterns: readonly string[]): MaskRules | undefined {
  if (patterns.length === 0) return undefined;
  const rules = patterns.map((pattern) => {
    const point = pattern.lastIndexOf(".");
    const table = point === -1 ? "*" : pattern.slice(0, point);
    return {
      table: matcher(table),
      anyTable: table === "*",
      column: matcher(pattern.slice(point + 1)),
    };
  });
  return {
    patterns,
    hides: (table, column) => rules.some((rule) => rule.table(table) && rule.column(column)),
    hidesName: (column) => rules.some((rule) => rule.anyTable && rule.column(column)),
  };
}

/** Pieces of the pattern one after the other: no regular expression, so no pattern takes long. */
function matcher(pattern: string): (text: string) => boolean {
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  return (given) => {
    const text = given.toLowerCase();
    const last = rest.pop();
    if (last === undefined) return text === first;
    rest.push(last);
    if (!text.startsWith(first) || text.length < first.length + last.length) return false;
    let at = first.length;
    for (const piece of rest.slice(0, -1)) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return at <= text.length - last.length && text.endsWith(last);
  };
}

export const isHidden = (rules: MaskRules, { name, origin }: Column): boolean =>
  origin === undefined ? rules.hidesName(name) : rules.hides(origin.table, origin.column);

/** The table without what is hidden. */
export function maskTable(rules: MaskRules | undefined, table: Table): Table {
  if (rules === undefined) return table;
  const hidden = table.columns.map((column) => isHidden(rules, column));
  if (!hidden.includes(true)) return table;
  return {
    ...table,
    rows: table.rows.map((row) => row.map((cell, at) => (hidden[at] ? MASK : cell))),
  };
}

/** A hidden column may be shown, masked; whatever else is done with it could tell its values. */
export const hiddenUse = (column: string) =>
  refuse(
    "masked",
    `${column} is masked: it can stand in the list of a plain SELECT, and not in conditions, expressions, groups, orders, subqueries or views.`,
  );
