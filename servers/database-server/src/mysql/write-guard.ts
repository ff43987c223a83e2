import { refuse } from "../engine/refusal.ts";
import type { Statement } from "../sql/window.ts";
import { oneStatement } from "./guard.ts";
import { checkWords } from "./words.ts";

const CHANGING = ["insert", "update", "delete", "replace", "with"];

/** Lets through one change of rows. A change of the schema commits by itself here, so it cannot be tried out. */
export function guardChanging(sql: string): Statement {
  const statement = oneStatement(sql);
  if (!CHANGING.includes(statement.first))
    throw refuse(
      "not_a_change",
      "execute takes INSERT, UPDATE, DELETE and REPLACE here: this engine commits changes of the schema by itself.",
    );
  checkWords(statement.tokens, true);
  return statement;
}
