import type { Connection } from "mysql2";
import type { Cell } from "../engine/cells.ts";
import { namesIn } from "../masking/mentions.ts";
import type { MaskRules } from "../masking/rules.ts";
import type { Statement } from "../sql/window.ts";
import { COLUMNS, type Hidden, ROUTINES, STATISTICS, VIEWS } from "./masks.ts";
import { namesInText, quotedIn } from "./names.ts";
import { runStatement } from "./session.ts";

const MAX_FOUND = 100_000;
/** Functions that call functions are followed so far. */
const MAX_CALLS = 5;

type Ask = (sql: string, params: readonly string[]) => Promise<Cell[][]>;

/** The hidden columns of the tables that a statement may mean, and what leads to one by another name. */
export async function hiddenIn(
  connection: Connection,
  rules: MaskRules | undefined,
  statement: Statement,
): Promise<Hidden> {
  const names = namesIn(statement);
  if (rules === undefined || names.length === 0) return { columns: new Set() };
  const ask: Ask = async (sql, params) =>
    (await runStatement(connection, { sql, params, limit: MAX_FOUND, skip: 0, maxBytes: Infinity }))
      .rows;
  const columns = await columnsOf(ask, rules, names);
  const views = viewsOf(rules, await ask(VIEWS, []));
  const isView = (name: string) => views.has(name.toLowerCase());
  const table = names.find((name) => STATISTICS.has(name.toLowerCase()) || isView(name));
  const behind = table ?? (await functionIn(ask, rules, names, isView));
  return { columns, ...(behind !== undefined && { behind: `What ${behind} reads` }) };
}

async function columnsOf(ask: Ask, rules: MaskRules, names: readonly string[]) {
  const found = await ask(COLUMNS(marks(names)), names);
  const hidden = found.filter(([table, column]) => rules.hides(String(table), String(column)));
  const columns = hidden.map(([, column]) => String(column).toLowerCase());
  // another name of a key that is a number
  return new Set(columns.length > 0 ? [...columns, "_rowid"] : []);
}

const marks = (names: readonly string[]) => names.map(() => "LOWER(?)").join(", ");

/** A stored function whose text names a table with hidden columns, also through other functions. */
async function functionIn(
  ask: Ask,
  rules: MaskRules,
  names: readonly string[],
  isView: (name: string) => boolean,
): Promise<string | undefined> {
  let called = names;
  for (let depth = 0; depth < MAX_CALLS && called.length > 0; depth += 1) {
    const found = await ask(ROUTINES(marks(called)), called);
    // who may not see a definition is told of none
    const secret = found.find(([, text]) => typeof text !== "string" || text === "");
    if (secret !== undefined) return String(secret[0]);
    called = [...new Set(found.flatMap(([, text]) => namesInText(String(text))))];
    if (called.length === 0) return undefined;
    const tells = called.some(isView) || (await columnsOf(ask, rules, called)).size > 0;
    if (tells) return String(found[0]?.[0]);
  }
  return undefined;
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

/** The server writes definitions with every name in quotes; one that it does not tell, or not whole, is hidden. */
function readsHidden(
  rules: MaskRules,
  views: ReadonlySet<string>,
  text: Cell | undefined,
): boolean {
  if (typeof text !== "string" || text === "") return true;
  const names = quotedIn(text);
  return names.some(
    (name, at) =>
      views.has(name.toLowerCase()) ||
      rules.hidesName(name) ||
      rules.hides(names[at - 1] ?? "", name),
  );
}
