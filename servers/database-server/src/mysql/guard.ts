import { refuse } from "../engine/refusal.ts";
import {
  type Lexis,
  type Oddity,
  splitStatements,
  type Token,
  textOf,
  tokenize,
} from "../sql/lexer.ts";
import type { Statement } from "../sql/window.ts";
import { checkWords } from "./words.ts";

const ODDITIES: Record<Oddity, string> = {
  unterminated: "A quote or a comment in the statement does not end.",
  "executable comment":
    "Comments that begin with /*! or /*M!, and nested ones, are code to the engine: leave them out.",
  "optimizer hint": "Optimizer hints can lift limits: leave them out.",
  hash: "Write comments as -- or /* */, not with #.",
  dash: "Write a blank after --, or between two minus signs.",
  backslash:
    "A backslash in a string is read differently by different modes: pass the text in params.",
  "null character": "The statement holds a null character.",
  "number in a name":
    "Put a name that begins with a digit into backquotes, and a blank after a number.",
};

/** ANSI_QUOTES is switched off in every session, so double quotes are strings. */
export const mysqlLexis: Lexis = {
  identifiers: { "`": "`" },
  strings: ["'", '"'],
  refuse(what) {
    throw refuse("syntax", ODDITIES[what]);
  },
};

const READING = ["select", "with", "show", "describe", "desc", "explain", "values", "table"];
/** What EXPLAIN may explain, or the format that it may be asked for. */
const EXPLAINABLE = ["select", "with", "table", "values"];

/** The only statement of a text. */
export function oneStatement(sql: string): Statement {
  const statements = splitStatements(tokenize(sql, mysqlLexis, true));
  const [tokens, another] = statements;
  const [start] = (tokens ?? []).filter(({ text }) => text !== "(");
  if (tokens === undefined || start === undefined)
    throw refuse("empty", "There is no statement in the text.");
  if (another !== undefined)
    throw refuse(
      "several_statements",
      "Send one statement at a time, without a second one after ;.",
    );
  return {
    tokens,
    text: textOf(sql, tokens),
    first: start.kind === "word" ? start.text : "",
  };
}

/** Lets through one statement that reads. The engine's own read-only mode stands behind this. */
export function guardReading(sql: string): Statement {
  const statement = oneStatement(sql);
  if (!READING.includes(statement.first))
    throw refuse("not_reading", `Only statements that read are run: ${READING.join(", ")}.`);
  if (["explain", "describe", "desc"].includes(statement.first)) checkExplained(statement.tokens);
  checkWords(statement.tokens);
  return statement;
}

/** EXPLAIN of a change is refused: some engines run parts of it. DESCRIBE takes a table. */
function checkExplained(tokens: readonly Token[]): void {
  const words = tokens.filter(({ depth, kind }) => depth === 0 && kind === "word").slice(1);
  const wrong = words.find(({ text }) =>
    ["insert", "update", "delete", "replace", "call", "set", "do", "alter", "connection"].includes(
      text,
    ),
  );
  const parenthesised = tokens[1]?.text === "(";
  const reads = words.some(({ text }) => EXPLAINABLE.includes(text)) || parenthesised;
  const isTable = tokens.length <= 5 && !reads;
  if (wrong !== undefined || !(reads || isTable))
    throw refuse("not_reading", "Only a statement that reads can be explained.");
}
