import { requireFewer } from "../engine/affected.ts";
import { createPage } from "../engine/page.ts";
import type { Change, ChangeReport } from "../engine/types.ts";
import type { MaskRules } from "../masking/rules.ts";
import type { Describer } from "./describe-columns.ts";
import { cells, checkFields } from "./fetch.ts";
import { checkHidden } from "./masks.ts";
import type { Session } from "./session.ts";
import type { Lookup } from "./volatility.ts";
import { guardChanging } from "./write-guard.ts";

/** Rows of RETURNING that the report shows. */
const SAMPLE_ROWS = 10;

/** Rows touched in each table, by triggers and cascades too; those of transactions before may still be in it. */
const TOUCHED = `select schemaname || '.' || relname as name, n_tup_ins + n_tup_upd + n_tup_del as rows
  from pg_catalog.pg_stat_xact_user_tables
  where n_tup_ins + n_tup_upd + n_tup_del > 0 order by 1`;

async function counted(session: Session): Promise<Map<string, number>> {
  const { rows } = await session.run(TOUCHED);
  return new Map(rows.map(([table, count]) => [table ?? "", Number(count)]));
}

/** Runs a change in the open transaction; whether it stays is decided by who opened it. */
export async function changeIn(
  session: Session,
  { sql, params, maxRows }: Change,
  lookup: Lookup,
  describe: Describer,
  masks: MaskRules | undefined,
): Promise<ChangeReport> {
  const guarded = await guardChanging(sql, lookup);
  if (masks !== undefined) await checkHidden(session, masks, guarded);
  const before = await counted(session);
  const raw = await session.run(sql, params);
  const tables = [...(await counted(session))]
    .map(([table, count]) => ({ table, rows: count - (before.get(table) ?? 0) }))
    .filter(({ rows }) => rows > 0);
  const touched = tables.reduce((sum, { rows: count }) => sum + count, 0);
  requireFewer(Math.max(raw.rowCount, touched), maxRows);
  const fields = checkFields(raw.fields ?? []);
  const page = createPage(SAMPLE_ROWS);
  const more = raw.rows.some((row) => !page.add(cells(row, fields)));
  const columns = await describe(session, fields);
  return { affected: raw.rowCount, tables, sample: { columns, rows: page.rows, more } };
}
