import type { Connection } from "mysql2";
import type { Cell } from "../engine/cells.ts";
import type { MaskRules } from "../masking/rules.ts";
import type { Statement } from "../sql/window.ts";
import { COLUMNS, type Hidden, namesIn, VIEWS } from "./masks.ts";
import { runStatement } from "./session.ts";

const MAX_FOUND = 100_000;
const IDENTIFIERS = /`((?:[^`]|``)*)`/g;

/** The hidden columns of the tables that a statement may mean, and a view that reads one. */
export async function hiddenIn(
  connection: Connection,
  rules: MaskRules | undefined,
  statement: Statement,
): Promise<Hidden> {
  const names = namesIn(statement);
  if (rules === undefined || names.length === 0) return { columns: new Set() };
  const marks = names.map(() => "?").join(", ");
  const ask = async (sql: string, params: readonly string[]) =>
    (await runStatement(connection, { sql, params, limit: MAX_FOUND, skip: 0, maxBytes: Infinity }))
      .rows;
  const found = await ask(COLUMNS(marks), names);
  const hidden = found.filter(([table, column]) => rules.hides(String(table), String(column)));
  const views = viewsOf(rules, await ask(VIEWS, []));
  const view = names.find((name) => views.has(name.toLowerCase()));
  return {
    columns: new Set(hidden.map(([, column]) => String(column).toLowerCase())),
    ...(view !== undefined && { view }),
  };
}

/** Views that read a hidden column, also through other views. */
function viewsOf(rules: MaskRules, rows: readonly Cell[][]): Set<string> {
  const definitions = new Map(rows.map(([name, text]) => [String(name).toLowerCase(), text]));
  const found = new Set<string>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [name, text] of definitions) if (readsHidden(rules, found, text)) found.add(name);
  }
  return found;
}

/** The server writes definitions with every name in quotes; one that is too long to be told is hidden. */
function readsHidden(
  rules: MaskRules,
  views: ReadonlySet<string>,
  text: Cell | undefined,
): boolean {
  if (typeof text !== "string") return true;
  const names = [...text.matchAll(IDENTIFIERS)].map(([, name = ""]) => name);
  return names.some(
    (name, at) =>
      views.has(name.toLowerCase()) ||
      rules.hidesName(name) ||
      rules.hides(names[at - 1] ?? "", name),
  );
}
