import { requireFewer } from "../engine/affected.ts";
import { createPage } from "../engine/page.ts";
import type { Change, ChangeReport } from "../engine/types.ts";
import type { Describer } from "./describe-columns.ts";
import { cells, checkFields } from "./fetch.ts";
import type { Session } from "./session.ts";
import type { Lookup } from "./volatility.ts";
import { guardChanging } from "./write-guard.ts";

/** Rows of RETURNING that the report shows. */
const SAMPLE_ROWS = 10;

/** What this transaction did to each table; triggers and cascades count too. */
const TOUCHED = `select schemaname || '.' || relname as name, n_tup_ins + n_tup_upd + n_tup_del as rows
  from pg_catalog.pg_stat_xact_user_tables
  where n_tup_ins + n_tup_upd + n_tup_del > 0 order by 1 limit 100`;

/** Runs a change in the open transaction; whether it stays is decided by who opened it. */
export async function changeIn(
  session: Session,
  { sql, params, maxRows }: Change,
  lookup: Lookup,
  describe: Describer,
): Promise<ChangeReport> {
  await guardChanging(sql, lookup);
  const raw = await session.run(sql, params);
  const { rows } = await session.run(TOUCHED);
  const tables = rows.map(([table, count]) => ({ table: table ?? "", rows: Number(count) }));
  const touched = tables.reduce((sum, { rows: count }) => sum + count, 0);
  requireFewer(Math.max(raw.rowCount, touched), maxRows);
  const fields = checkFields(raw.fields ?? []);
  const page = createPage(SAMPLE_ROWS);
  const more = raw.rows.some((row) => !page.add(cells(row, fields)));
  const columns = await describe(session, fields);
  return { affected: raw.rowCount, tables, sample: { columns, rows: page.rows, more } };
}
