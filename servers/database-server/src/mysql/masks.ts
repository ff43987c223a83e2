import type { Column } from "../engine/types.ts";
import { isStar } from "../masking/mentions.ts";
import { hiddenUse, isHidden, type MaskRules } from "../masking/rules.ts";
import type { Token } from "../sql/lexer.ts";
import type { Statement } from "../sql/window.ts";

export interface Hidden {
  /** Of the tables that the statement may mean, in lower case. */
  columns: ReadonlySet<string>;
  /** A view or a function whose definition names a hidden column, or what a table holds of one. */
  behind?: string;
}

export const COLUMNS = (marks: string) =>
  `SELECT table_name, column_name FROM information_schema.columns WHERE LOWER(table_name) IN (${marks})`;
export const VIEWS = `SELECT table_name, view_definition FROM information_schema.views
  WHERE table_schema NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')`;
export const ROUTINES = (marks: string) =>
  `SELECT routine_name, routine_definition FROM information_schema.routines
  WHERE routine_schema NOT IN ('mysql', 'sys') AND LOWER(routine_name) IN (${marks})`;

/** Tables of the server that show values of columns. */
export const STATISTICS = new Set([
  "column_statistics",
  "column_stats",
  "innodb_ft_index_table",
  "innodb_ft_index_cache",
]);

/** Words before a place where a change names the column that it sets. */
const BEFORE_TARGET = new Set(["set", "update", ","]);

/** Throws where a change does more with a hidden column than to set it: the value would go elsewhere. */
export function checkTargets({ tokens }: Statement, { columns, behind }: Hidden): void {
  if (behind !== undefined) throw hiddenUse(behind);
  if (columns.size === 0) return;
  const into = tokens.findIndex(({ text }) => text === "(");
  const last = tokens.findIndex(({ text, depth }, at) => at > into && text === ")" && depth === 0);
  const isListed = (at: number) =>
    ["insert", "replace"].includes(tokens[0]?.text ?? "") &&
    at > into &&
    at < last &&
    tokens.slice(0, into).every(({ text }) => !["set", "select", "values", "value"].includes(text));
  tokens.forEach((token, at) => {
    if (isStar(tokens, at) || (token.kind === "word" && token.text === "table"))
      throw hiddenUse(token.text);
    const isColumn = ["word", "quoted"].includes(token.kind);
    if (!isColumn || !columns.has(token.text.toLowerCase())) return;
    if (!isListed(at) && !isSet(tokens, at)) throw hiddenUse(token.text);
  });
}

/** `SET email = ...`, also with the table before the column. */
function isSet(tokens: readonly Token[], at: number): boolean {
  let before = at - 1;
  while (tokens[before]?.text === ".") before -= 2;
  return (
    tokens[at]?.depth === 0 &&
    tokens[at + 1]?.text === "=" &&
    BEFORE_TARGET.has(tokens[before]?.text ?? "") &&
    !tokens.slice(0, at).some(({ text, depth }) => text === "where" && depth === 0)
  );
}

/** After the columns of the result are known: as many of them are hidden as the list names. */
export function checkShown(
  rules: MaskRules,
  { tokens }: Statement,
  { columns }: Hidden,
  result: readonly Column[],
): void {
  const mentioned = tokens.filter(
    ({ kind, text }) => ["word", "quoted"].includes(kind) && columns.has(text.toLowerCase()),
  );
  const star = tokens.some((_, at) => isStar(tokens, at));
  const shown = result.filter((column) => column.origin !== undefined && isHidden(rules, column));
  const [first] = mentioned;
  if (first !== undefined && !star && mentioned.length !== shown.length)
    throw hiddenUse(first.text);
}
