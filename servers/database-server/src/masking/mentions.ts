import type { Token } from "../sql/lexer.ts";
import type { Statement } from "../sql/window.ts";
import { hiddenUse } from "./rules.ts";

/** Words that give columns other names, mix the columns of tables, or tell which values are the same. */
const MIXING = new Set(
  `union intersect except with natural distinct distinctrow unique table procedure rollup cube
  grouping`.split(/\s+/),
);
/** What may stand before and after the place of a column in ORDER BY and GROUP BY. */
const BEFORE_PLACE = new Set(["(", "+", "-"]);
const AFTER_PLACE = new Set(") asc desc nulls first last".split(" "));
/** Words after which a list of orders or groups is over; without quotes, none can be a name. */
const AFTER_ORDERS = new Set(["having", "order", "limit"]);

/** Words before a * that is all columns, and not a product. */
const BEFORE_STAR = new Set(
  `, . select all distinct distinctrow returning straight_join high_priority sql_cache sql_no_cache
  sql_small_result sql_big_result sql_buffer_result sql_calc_found_rows`.split(/\s+/),
);

const isName = ({ kind }: Token) => kind === "word" || kind === "quoted";

export const namesIn = ({ tokens }: Statement): string[] => [
  ...new Set(tokens.filter(isName).map(({ text }) => text)),
];

/**
 * Throws unless the hidden columns stand in the list of a plain SELECT, by themselves, and nowhere
 * else, under no other name either. A lexer sees where names stand and not what is done with them:
 * what is not of this one form is refused. `hidden` are their names, in lower case.
 */
export function checkMentions(statement: Statement, hidden: ReadonlySet<string>): void {
  if (hidden.size === 0) return;
  const { tokens } = statement;
  const isHidden = (token: Token) => isName(token) && hidden.has(token.text.toLowerCase());
  const [any = "a column"] = hidden;
  checkForm(tokens, any);
  const items = itemsOf(statement);
  const shown = items.filter((item) => item.some(isHidden));
  const aliases = new Set(shown.map((item) => aliasOf(item, isHidden)));
  const inList = new Set(shown.flat());
  const isAlias = ({ kind, text }: Token) => kind !== "symbol" && aliases.has(text.toLowerCase());
  const wrong = tokens.find((token) => !inList.has(token) && (isHidden(token) || isAlias(token)));
  if (wrong !== undefined) throw hiddenUse(wrong.text);
  const star = tokens.some(({ depth }, at) => depth === 0 && isStar(tokens, at));
  for (const order of ordersOf(tokens)) {
    const place = placeOf(order);
    if (place === undefined) continue;
    const item = items[place - 1];
    // after a star nobody has counted which place is whose
    const isShown = star || item === undefined || shown.includes(item);
    if (isShown && (star || shown.length > 0)) throw hiddenUse(any);
  }
}

function checkForm(tokens: readonly Token[], any: string): void {
  tokens.forEach((token, index) => {
    if (token.kind === "word" && MIXING.has(token.text)) throw hiddenUse(any);
    if (token.depth > 0 && isStar(tokens, index)) throw hiddenUse("*");
  });
}

/** Whether a * is all columns. That of count(*) is none. */
export const isStar = (tokens: readonly Token[], at: number) =>
  tokens[at]?.text === "*" &&
  tokens[at]?.kind === "symbol" &&
  BEFORE_STAR.has(tokens[at - 1]?.text ?? "");

/** What stands between the commas of the outermost list. */
function itemsOf({ tokens, first }: Statement): Token[][] {
  if (first !== "select" || tokens[0]?.text !== "select") return [];
  const from = tokens.findIndex(
    ({ kind, text, depth }) => kind === "word" && text === "from" && depth === 0,
  );
  return split(tokens.slice(1, from === -1 ? undefined : from));
}

function split(tokens: readonly Token[]): Token[][] {
  const items: Token[][] = [[]];
  for (const token of tokens) {
    if (token.text === "," && token.kind === "symbol" && token.depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

/** The name that a hidden column goes by; throws where it is part of more. */
function aliasOf(item: readonly Token[], isHidden: (token: Token) => boolean): string {
  let at = 0;
  while (item[at + 1]?.text === ".") at += 2;
  const column = item[at];
  const mentioned = item.find(isHidden);
  if (column === undefined || !isHidden(column)) throw hiddenUse(mentioned?.text ?? "a column");
  const rest = item.slice(at + 1).filter(({ kind, text }) => kind !== "word" || text !== "as");
  const [alias, more] = rest;
  if (more !== undefined || alias?.kind === "symbol") throw hiddenUse(column.text);
  return (alias ?? column).text.toLowerCase();
}

/** What stands between the commas of ORDER BY and GROUP BY. */
function ordersOf(tokens: readonly Token[]): Token[][] {
  return tokens.flatMap(({ kind, text, depth }, at) => {
    if (kind !== "word" || text !== "by" || depth > 0) return [];
    const rest = tokens.slice(at + 1);
    const end = rest.findIndex(
      (token) => token.kind === "word" && token.depth === 0 && AFTER_ORDERS.has(token.text),
    );
    return split(end === -1 ? rest : rest.slice(0, end));
  });
}

/**
 * `ORDER BY 2` orders by the second column of the result, and so does `- -2`, by the rules of each
 * engine. What begins with a name is no place; what is neither may be any, so it is NaN.
 */
function placeOf(order: readonly Token[]): number | undefined {
  const start = order.findIndex(({ kind, text }) => kind !== "symbol" || !BEFORE_PLACE.has(text));
  const [first, ...rest] = order.slice(start);
  if (first === undefined) return Number.NaN;
  if (isName(first) && !["true", "false"].includes(first.text)) return undefined;
  const alone = rest.every(({ kind, text }) => kind !== "quoted" && AFTER_PLACE.has(text));
  return first.kind === "number" && alone ? Number(first.text) : Number.NaN;
}
