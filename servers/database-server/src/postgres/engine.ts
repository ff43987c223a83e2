import type pg from "pg";
import { createPage } from "../engine/page.ts";
import { refuse } from "../engine/refusal.ts";
import type {
  Change,
  ChangeReport,
  Column,
  Engine,
  PlanQuery,
  Query,
  Row,
  Table,
} from "../engine/types.ts";
import { type MaskRules, maskTable } from "../masking/rules.ts";
import { changeIn } from "./change.ts";
import { createDescriber } from "./describe-columns.ts";
import { CURSOR_PREFIX, cells, checkFields, fetchPage, type RawPage } from "./fetch.ts";
import { type Guarded, guardReading } from "./guard.ts";
import { imagine } from "./hypopg.ts";
import { createLookup } from "./lookup.ts";
import { checkHidden } from "./masks.ts";
import { openPool, type PostgresPool } from "./pool.ts";
import type { Raw, Session } from "./session.ts";

export interface PostgresOptions {
  connection: string;
  config: pg.ClientConfig;
  maxConnections: number;
  timeoutMs: number;
  masks?: MaskRules | undefined;
}

const NOTHING: Table = { columns: [], rows: [], more: false };
const PLAN_PREFIX = "EXPLAIN (FORMAT JSON) ";
const ANALYZE_PREFIX = "EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS) ";

export function createPostgres(options: PostgresOptions): Engine {
  const { masks } = options;
  let opening: Promise<PostgresPool> | undefined;
  const pool = () => {
    opening ??= openPool(options);
    return opening;
  };
  const lookup = createLookup();
  const describe = createDescriber(masks !== undefined);
  const lookupIn = (session: Session) =>
    lookup(async (sql, params) => toRows(await session.run(sql, params)));

  async function guard(session: Session, sql: string): Promise<Guarded> {
    const guarded = await guardReading(sql, lookupIn(session));
    if (masks !== undefined) await checkHidden(session, masks, guarded);
    return guarded;
  }

  async function query({ sql, params, window }: Query, signal: AbortSignal): Promise<Table> {
    const work = { access: "READ ONLY", shift: CURSOR_PREFIX.length } as const;
    return (await pool()).transact(work, signal, async (session) => {
      const { kind } = await guard(session, sql);
      const page =
        kind === "select"
          ? await fetchPage(session, sql, params, window)
          : windowOf(await session.run(sql, params), window);
      const columns: Column[] = await describe(session, page.fields);
      return maskTable(masks, { columns, rows: page.rows, more: page.more });
    });
  }

  async function plan({ sql, params, analyze }: PlanQuery, signal: AbortSignal): Promise<unknown> {
    const prefix = analyze ? ANALYZE_PREFIX : PLAN_PREFIX;
    const work = { access: "READ ONLY", shift: prefix.length } as const;
    return (await pool()).transact(work, signal, async (session) => {
      const { kind } = await guard(session, sql);
      if (kind !== "select")
        throw refuse("not_reading", "Give the SELECT itself, without EXPLAIN.");
      const { rows } = await session.run(prefix + sql, params);
      return JSON.parse(rows[0]?.[0] ?? "null");
    });
  }

  async function planWith(
    sql: string,
    params: Query["params"],
    indexes: readonly string[],
    signal: AbortSignal,
  ): Promise<unknown> {
    return (await pool()).transact({ access: "READ ONLY" }, signal, async (session) => {
      const { kind } = await guard(session, sql);
      if (kind !== "select")
        throw refuse("not_reading", "Give the SELECT itself, without EXPLAIN.");
      await imagine(session, indexes);
      const { rows } = await session.run(PLAN_PREFIX + sql, params);
      await session.run("SELECT hypopg_reset()");
      return JSON.parse(rows[0]?.[0] ?? "null");
    });
  }

  async function read(sql: string, params: Query["params"], signal: AbortSignal): Promise<Row[]> {
    return (await pool()).transact({ access: "READ ONLY" }, signal, async (session) =>
      toRows(await session.run(sql, params)),
    );
  }

  async function change(change: Change, signal: AbortSignal): Promise<ChangeReport> {
    const work = { access: "READ WRITE", commit: change.commit } as const;
    return (await pool()).transact(work, signal, async (session) => {
      const report = await changeIn(session, change, lookupIn(session), describe);
      // RETURNING takes expressions, which nothing tells the origin of
      return masks === undefined ? report : { ...report, sample: NOTHING };
    });
  }

  return {
    dialect: "postgres",
    version: async (signal) => {
      const [row] = await read("select version() as version", [], signal);
      return String(row?.version ?? "").split(" on ")[0] ?? "";
    },
    query,
    plan,
    planWith,
    read,
    change,
    close: async () => (await opening)?.close(),
  };
}

function windowOf(raw: Raw, { offset, limit }: Query["window"]): RawPage {
  const fields = checkFields(raw.fields);
  const page = createPage(limit);
  const more = raw.rows.slice(offset).some((row) => !page.add(cells(row, fields)));
  return { fields, rows: page.rows, more };
}

const toRows = ({ fields, rows }: Raw): Row[] =>
  rows.map((row) => {
    const values = cells(row, fields);
    // expressions without a name all have the same one
    const named = fields.map(({ name }, index) =>
      name === "?column?" ? [`${name}${index}`, values[index]] : [name, values[index]],
    );
    return Object.fromEntries(named);
  });
