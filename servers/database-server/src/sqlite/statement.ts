import { refuse } from "../engine/refusal.ts";
import { type Lexis, splitStatements, tokenize } from "../sql/lexer.ts";
import type { Statement } from "../sql/window.ts";

const sqliteLexis: Lexis = {
  identifiers: { '"': '"', "`": "`", "[": "]" },
  strings: ["'"],
  refuse(what) {
    throw refuse("syntax", `The statement cannot be read: ${what}.`);
  },
};

const READING = ["select", "with", "values", "explain", "pragma"];
const CHANGING = ["insert", "update", "delete", "replace", "with", "create", "alter", "drop"];

/** node:sqlite runs the first statement of several and says nothing of the others, so they are counted here. */
function oneStatement(sql: string): Statement {
  const [tokens, another] = splitStatements(tokenize(sql, sqliteLexis, false));
  const [first] = tokens ?? [];
  if (tokens === undefined || first === undefined)
    throw refuse("empty", "There is no statement in the text.");
  if (another !== undefined)
    throw refuse(
      "several_statements",
      "Send one statement at a time, without a second one after ;.",
    );
  return { tokens, text: sql.slice(first.start, tokens.at(-1)?.end), first: first.text };
}

/** Lets through one statement that may read; the authorizer decides on all that it does. */
export function guardReading(sql: string): Statement {
  const statement = oneStatement(sql);
  if (!READING.includes(statement.first))
    throw refuse("not_reading", `Only statements that read are run: ${READING.join(", ")}.`);
  return statement;
}

/** Lets through one statement that changes something and can be rolled back. */
export function guardChanging(sql: string): void {
  const { first } = oneStatement(sql);
  if (!CHANGING.includes(first))
    throw refuse("not_a_change", `execute takes ${CHANGING.join(", ")}.`);
}
