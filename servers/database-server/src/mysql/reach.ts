import type { Connection } from "mysql2";
import { ToolError } from "#shared/core/errors.ts";
import type { Cell } from "../engine/cells.ts";
import { namesIn } from "../masking/mentions.ts";
import type { Statement } from "../sql/window.ts";
import { namesInText } from "./names.ts";
import { runStatement } from "./session.ts";

const MAX_FOUND = 100_000;

/** Where names are looked up: a schema, that of the connection where none is told, and those among the names. */
interface Names {
  schema: string | null;
  names: readonly string[];
}

const TABLES = (names: number) => `
  SELECT table_name, table_type, engine FROM information_schema.tables
  WHERE ${among("table_schema", "table_name", names)}`;

/** What a change of a table sets off, what a name may call, and what a view stands for. */
const TEXTS = (names: number) => [
  `SELECT trigger_name, event_object_schema, action_statement FROM information_schema.triggers
    WHERE ${among("event_object_schema", "event_object_table", names)}`,
  `SELECT routine_name, routine_schema, routine_definition FROM information_schema.routines
    WHERE ${among("routine_schema", "routine_name", names)}`,
  `SELECT table_name, table_schema, view_definition FROM information_schema.views
    WHERE ${among("table_schema", "table_name", names)}`,
];

/** In any case of letters: some servers tell them apart here, and the lexer does not. */
function among(schema: string, name: string, names: number): string {
  const list = Array.from({ length: names }, () => "LOWER(?)").join(", ");
  return `(LOWER(${schema}) = LOWER(COALESCE(?, DATABASE())) OR LOWER(${schema}) IN (${list}))
    AND LOWER(${name}) IN (${list})`;
}

/**
 * The tables and views that a change names, in the order of the statement. Throws unless every table
 * that it may reach, in any schema, by views, triggers and routines too, is one that rolls back:
 * elsewhere a dry run would change it for good.
 */
export async function requireRollback(
  connection: Connection,
  statement: Statement,
): Promise<string[]> {
  const ask = async (sql: string, params: readonly (string | null)[]): Promise<Cell[][]> => {
    const reading = { sql, params, limit: MAX_FOUND, skip: 0, maxBytes: Infinity };
    return (await runStatement(connection, reading)).rows;
  };
  const own: Names = { schema: null, names: namesIn(statement) };
  const reached = [own];
  const known = new Set<string>();
  let named: string[] = [];
  for (const { schema, names } of reached) {
    const places = [schema, ...names, ...names];
    const tables = await ask(TABLES(names.length), places);
    for (const table of tables) requireTransactional(table);
    if (names === own.names) named = tables.map(([name]) => String(name));
    const texts: Cell[][] = [];
    for (const sql of TEXTS(names.length)) texts.push(...(await ask(sql, places)));
    for (const [name, of, text] of texts) {
      if (typeof text !== "string" || text === "")
        throw noRollback(`What ${String(name)} does cannot be read whole by this user`);
      const key = JSON.stringify([of, text]);
      if (!known.has(key)) reached.push({ schema: String(of), names: namesInText(text) });
      known.add(key);
    }
  }
  if (named.length === 0)
    throw new ToolError("NOT_FOUND", "No name in the statement is that of a table.", {
      details: { reason: "no_table" },
    });
  const place = (name: string) =>
    own.names.findIndex((each) => each.toLowerCase() === name.toLowerCase());
  return named.sort((a, b) => place(a) - place(b));
}

/** Tables with a history roll it back with them. */
const TABLE_TYPES = new Set<unknown>(["BASE TABLE", "SYSTEM VERSIONED"]);

function requireTransactional([name, type, engine]: Cell[]): void {
  if (type === "VIEW") return;
  const keeper = String(engine);
  if (keeper.toLowerCase() !== "innodb")
    throw noRollback(`${String(name)} is kept by ${keeper}, which cannot roll back`);
  if (!TABLE_TYPES.has(type)) throw noRollback(`${String(name)} is a ${String(type)}`);
}

const noRollback = (why: string) =>
  new ToolError("PERMISSION_DENIED", `${why}: the change cannot be tried out, so it is not made.`, {
    details: { reason: "no_rollback" },
  });
