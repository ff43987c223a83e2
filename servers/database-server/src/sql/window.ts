import type { Window } from "../engine/page.ts";
import type { Token } from "./lexer.ts";

/** The one statement of a text, without what stands before and after it. */
export interface Statement {
  tokens: readonly Token[];
  text: string;
  /** Its first word, parentheses left out. */
  first: string;
}

const SELECTING = ["select", "with", "values", "table"];
/** Words after which a LIMIT of ours would be a second one, or stand in the wrong place. */
const OWN_LIMIT = ["limit", "fetch", "offset", "for", "lock"];

export interface Windowed {
  sql: string;
  /** Rows that are still to be skipped, because the engine does not. */
  skip: number;
}

/** Whether one of these words stands outside of all parentheses. */
const has = ({ tokens }: Statement, words: readonly string[]) =>
  tokens.some(({ kind, depth, text }) => kind === "word" && depth === 0 && words.includes(text));

/** The rows of a page, chosen by the engine where the statement takes a limit and has none of its own. */
export function windowed(
  statement: Statement,
  { offset, limit }: Window,
  limitless: readonly string[] = [],
): Windowed {
  const { text, first } = statement;
  if (!SELECTING.includes(first) || has(statement, [...OWN_LIMIT, ...limitless]))
    return { sql: text, skip: offset };
  return { sql: `${text} LIMIT ${limit + 1} OFFSET ${offset}`, skip: 0 };
}

export const isOrdered = (statement: Statement): boolean =>
  !SELECTING.includes(statement.first) || has(statement, ["order"]);
