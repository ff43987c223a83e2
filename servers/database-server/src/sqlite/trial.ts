import type { Trial } from "../engine/types.ts";
import type { Asked } from "../local/messages.ts";
import type { GuardedDatabase } from "./database.ts";
import { openMemory } from "./memory.ts";

/** How the plan of a query changes with indexes, tried on a copy of the schema without its rows. */
export async function trial(
  db: GuardedDatabase,
  { sql, params, indexes }: Asked["trial"],
): Promise<Trial> {
  const copy = await openMemory();
  const schema = db.read(
    "select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by type = 'table' desc, type = 'index' desc",
    [],
  );
  for (const { sql: statement } of schema) copy.exec(String(statement));
  copyStatistics(db, copy.exec);
  const plan = () =>
    [...copy.prepare(`EXPLAIN QUERY PLAN ${sql}`).rows(params)].map((row) => ({
      detail: String(row[3]),
    }));
  const before = plan();
  for (const statement of indexes) copy.exec(statement);
  return { before, after: plan() };
}

/** What ANALYZE learned of the real rows decides which index is used. */
function copyStatistics(db: GuardedDatabase, exec: (sql: string) => void): void {
  const known = db.read("select 1 from sqlite_schema where name = 'sqlite_stat1'", []);
  exec("ANALYZE");
  if (known.length === 0) return;
  for (const { tbl, idx, stat } of db.read("select tbl, idx, stat from sqlite_stat1", []))
    exec(`INSERT INTO sqlite_stat1 VALUES (${[tbl, idx, stat].map(literal).join(", ")})`);
  exec("ANALYZE sqlite_schema");
}

const literal = (value: unknown) =>
  value === null || value === undefined ? "NULL" : `'${String(value).replaceAll("'", "''")}'`;
