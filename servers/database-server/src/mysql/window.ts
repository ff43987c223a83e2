import type { Window } from "../engine/page.ts";
import type { MysqlStatement } from "./guard.ts";

/** Words after which a LIMIT of ours would be a second one, or stand in the wrong place. */
const OWN_LIMIT = new Set(["limit", "fetch", "offset", "for", "lock"]);

export interface Windowed {
  sql: string;
  /** Rows that are still to be skipped, because the engine does not. */
  skip: number;
}

/** The rows of a page, chosen by the engine where the statement has no limit of its own. */
export function windowed(
  { text, tokens, first }: MysqlStatement,
  { offset, limit }: Window,
): Windowed {
  const selects = ["select", "with", "values", "table"].includes(first);
  const limited = tokens.some(
    ({ kind, depth, text: word }) => kind === "word" && depth === 0 && OWN_LIMIT.has(word),
  );
  if (!selects || limited) return { sql: text, skip: offset };
  return { sql: `${text} LIMIT ${limit + 1} OFFSET ${offset}`, skip: 0 };
}

export const isOrdered = ({ tokens, first }: MysqlStatement): boolean =>
  !["select", "with", "values", "table"].includes(first) ||
  tokens.some(({ kind, depth, text }) => kind === "word" && depth === 0 && text === "order");
