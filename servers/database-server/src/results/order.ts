import type { Dialect } from "../engine/types.ts";
import { guardReading as guardMysql } from "../mysql/guard.ts";
import { parseOne } from "../postgres/parser.ts";
import { isOrdered } from "../sql/window.ts";
import { guardReading as guardSqlite } from "../sqlite/statement.ts";

const WARNING =
  "The statement has no ORDER BY, so pages may repeat or miss rows: order by a unique column.";

/** Pages of a result without an order do not fit together. */
export async function orderWarning(dialect: Dialect, sql: string): Promise<string[]> {
  return (await ordered(dialect, sql)) ? [] : [WARNING];
}

async function ordered(dialect: Dialect, sql: string): Promise<boolean> {
  if (dialect === "mysql") return isOrdered(guardMysql(sql));
  if (dialect === "sqlite") return isOrdered(guardSqlite(sql));
  const { kind, body } = await parseOne(sql);
  return kind !== "SelectStmt" || body.sortClause !== undefined;
}
