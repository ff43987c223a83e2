import type { Connection } from "mysql2";
import { requireFewer } from "../engine/affected.ts";
import { refuse } from "../engine/refusal.ts";
import type {
  Change,
  ChangeReport,
  Engine,
  Param,
  PlanQuery,
  Query,
  Row,
  Table,
} from "../engine/types.ts";
import { checkMentions } from "../masking/mentions.ts";
import { hiddenUse, type MaskRules, maskTable } from "../masking/rules.ts";
import { type Statement, windowed } from "../sql/window.ts";
import { guardReading } from "./guard.ts";
import { hiddenIn } from "./hidden-columns.ts";
import { checkShown, checkTargets, type Hidden } from "./masks.ts";
import { type MysqlOptions, type MysqlPool, openPool } from "./pool.ts";
import { requireRollback } from "./reach.ts";
import { type Outcome, runStatement } from "./session.ts";
import { guardChanging } from "./write-guard.ts";

const SAMPLE_ROWS = 10;
const NOTHING: Table = { columns: [], rows: [], more: false };
/** Rows that a statement of this server itself may have. */
const MAX_OWN_ROWS = 100_000;

export function createMysql(options: MysqlOptions & { masks?: MaskRules | undefined }): Engine {
  const { masks } = options;
  let opening: Promise<MysqlPool> | undefined;
  const pool = () => {
    opening ??= openPool(options);
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };

  async function query({ sql, params, window }: Query, signal: AbortSignal) {
    const statement = guardReading(sql);
    const limited = windowed(statement, window);
    return (await pool()).transact({ access: "READ ONLY" }, signal, async (connection) => {
      const reading = { ...limited, params, limit: window.limit };
      const hidden = await hiddenIn(connection, masks, statement);
      checkRead(statement, hidden);
      const { columns, rows, more } = await runStatement(connection, reading);
      if (masks !== undefined) checkShown(masks, statement, hidden, columns);
      return maskTable(masks, { columns, rows, more });
    });
  }

  async function plan({ sql, params, analyze }: PlanQuery, signal: AbortSignal): Promise<unknown> {
    const statement = guardReading(sql);
    const { text, first } = statement;
    if (!["select", "with", "table", "values"].includes(first))
      throw refuse("not_reading", "Give the SELECT itself, without EXPLAIN.");
    const { mariadb, transact } = await pool();
    const analysis = mariadb ? "ANALYZE FORMAT=JSON" : "EXPLAIN ANALYZE";
    const prefix = analyze ? analysis : "EXPLAIN FORMAT=JSON";
    const { rows } = await transact({ access: "READ ONLY" }, signal, async (connection) => {
      checkRead(statement, await hiddenIn(connection, masks, statement));
      return readText(connection, `${prefix} ${text}`, params);
    });
    const [plan = ""] = rows;
    return parsePlan(plan);
  }

  async function read(sql: string, params: readonly Param[], signal: AbortSignal): Promise<Row[]> {
    return (await pool()).transact({ access: "READ ONLY" }, signal, async (connection) => {
      const outcome = await runStatement(connection, {
        sql,
        params,
        limit: MAX_OWN_ROWS,
        skip: 0,
        maxBytes: Infinity,
      });
      return toRows(outcome);
    });
  }

  async function change(given: Change, signal: AbortSignal): Promise<ChangeReport> {
    const statement = guardChanging(given.sql);
    const work = { access: "READ WRITE", commit: given.commit } as const;
    return (await pool()).transact(work, signal, async (connection) => {
      checkTargets(statement, await hiddenIn(connection, masks, statement));
      const [table] = await requireRollback(connection, statement);
      const { columns, rows, more, affected } = await runStatement(connection, {
        sql: statement.text,
        params: given.params,
        limit: SAMPLE_ROWS,
        skip: 0,
      });
      const touched = Math.max(affected, rows.length);
      requireFewer(touched, given.maxRows);
      const tables = table === undefined || touched === 0 ? [] : [{ table, rows: touched }];
      return {
        affected: touched,
        tables,
        sample: masks === undefined ? { columns, rows, more } : NOTHING,
      };
    });
  }

  return {
    dialect: "mysql",
    version: async (signal) => {
      const [row] = await read("SELECT VERSION() AS version", [], signal);
      const { mariadb } = await pool();
      return `${mariadb ? "MariaDB" : "MySQL"} ${String(row?.version)}`;
    },
    query,
    plan,
    read,
    change,
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
}

function checkRead(statement: Statement, { columns, behind }: Hidden): void {
  if (behind !== undefined) throw hiddenUse(behind);
  checkMentions(statement, columns);
}

const toRows = ({ columns, rows }: Outcome): Row[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));

/** Plans are longer than the text of a cell may be. */
async function readText(
  connection: Connection,
  sql: string,
  params: readonly Param[],
): Promise<{ rows: string[] }> {
  const rows = await new Promise<unknown>((resolve, reject) => {
    connection.execute({ sql, rowsAsArray: true }, [...params], (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
  return {
    rows: Array.isArray(rows)
      ? rows.map((row: unknown) => String(Array.isArray(row) ? row[0] : ""))
      : [],
  };
}

function parsePlan(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.split("\n");
  }
}
