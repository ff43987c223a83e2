import { refuse } from "../engine/refusal.ts";
import { type Lexis, splitStatements, type Token, textOf, tokenize } from "../sql/lexer.ts";
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
  const [tokens, another] = splitStatements(withNames(tokenize(sql, sqliteLexis, false)));
  const [first, ...rest] = tokens ?? [];
  if (tokens === undefined || first === undefined)
    throw refuse("empty", "There is no statement in the text.");
  const made = rest.find(({ text }) => !["temp", "temporary"].includes(text));
  if (first.text === "create" && made?.text === "trigger")
    throw refuse("not_a_change", "execute makes no triggers: what one does is several statements.");
  if (another !== undefined)
    throw refuse(
      "several_statements",
      "Send one statement at a time, without a second one after ;.",
    );
  return { tokens, text: textOf(sql, tokens), first: first.text };
}

/** 'text' is a name after a point and in USING. */
function withNames(tokens: readonly Token[]): Token[] {
  let using = false;
  return tokens.map((token, at) => {
    const before = tokens[at - 1]?.text;
    if (token.kind === "symbol" && ["(", ")"].includes(token.text))
      using = token.text === "(" && before === "using";
    const isName = token.kind === "string" && (using || before === ".");
    return isName ? { ...token, kind: "quoted" } : token;
  });
}

/** What EXPLAIN may explain: the authorizer does not hear of all that others would do. */
const EXPLAINABLE = ["select", "with", "values"];

/** Lets through one statement that may read; the authorizer decides on all that it does. */
export function guardReading(sql: string): Statement {
  const statement = oneStatement(sql);
  const [explained] = statement.tokens
    .slice(1)
    .filter(({ text }) => !["query", "plan"].includes(text));
  if (statement.first === "explain" && !EXPLAINABLE.includes(explained?.text ?? ""))
    throw refuse("not_reading", "Only a statement that reads can be explained.");
  if (!READING.includes(statement.first))
    throw refuse("not_reading", `Only statements that read are run: ${READING.join(", ")}.`);
  return statement;
}

/** Lets through one statement that changes something and can be rolled back. */
export function guardChanging(sql: string): Statement {
  const statement = oneStatement(sql);
  if (!CHANGING.includes(statement.first))
    throw refuse("not_a_change", `execute takes ${CHANGING.join(", ")}.`);
  return statement;
}
