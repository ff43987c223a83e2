import { refuse } from "../engine/refusal.ts";
import { type Lexis, splitStatements, type Token, tokenize } from "../sql/lexer.ts";

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
function oneStatement(sql: string): readonly [Token, ...Token[]] {
  const [tokens, another] = splitStatements(tokenize(sql, sqliteLexis, false));
  const [first, ...rest] = tokens ?? [];
  if (first === undefined) throw refuse("empty", "There is no statement in the text.");
  if (another !== undefined)
    throw refuse(
      "several_statements",
      "Send one statement at a time, without a second one after ;.",
    );
  return [first, ...rest];
}

/** Lets through one statement that may read; the authorizer decides on all that it does. */
export function guardReading(sql: string): { ordered: boolean } {
  const tokens = oneStatement(sql);
  if (!READING.includes(tokens[0].text))
    throw refuse("not_reading", `Only statements that read are run: ${READING.join(", ")}.`);
  const reads = ["select", "with", "values"].includes(tokens[0].text);
  const ordered = tokens.some(
    ({ text, depth, kind }) => kind === "word" && depth === 0 && text === "order",
  );
  return { ordered: ordered || !reads };
}

/** Lets through one statement that changes something and can be rolled back. */
export function guardChanging(sql: string): void {
  const [{ text }] = oneStatement(sql);
  if (!CHANGING.includes(text))
    throw refuse("not_a_change", `execute takes ${CHANGING.join(", ")}.`);
}
