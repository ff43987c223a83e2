import { requireFewer } from "../engine/affected.ts";
import { blobCell, type Cell, numberCell, textCell } from "../engine/cells.ts";
import { MAX_COLUMNS } from "../engine/limits.ts";
import { createPage, type Window } from "../engine/page.ts";
import { refuse } from "../engine/refusal.ts";
import type { ChangeReport, Column, Param, Row, Table } from "../engine/types.ts";
import { checkMentions } from "../masking/mentions.ts";
import { hiddenUse, type MaskRules, maskTable } from "../masking/rules.ts";
import { windowed } from "../sql/window.ts";
import { type Mode, objection } from "./authorizer.ts";
import {
  type Driver,
  type DriverColumn,
  HEAP_LIMIT_BYTES,
  type Prepared,
  type Value,
} from "./driver.ts";
import { ALL_COLUMNS, createReads } from "./hidden-reads.ts";
import { guardChanging, guardReading } from "./statement.ts";

const SAMPLE_ROWS = 10;

/** A database behind its authorizer: whatever is prepared passes it, in the mode of the call. */
export function guardDatabase(driver: Driver, masks?: MaskRules) {
  const reads = createReads(masks);
  let mode: Mode = "own";
  let denied: string | undefined;
  let changed = new Set<string>();
  driver.exec(`PRAGMA hard_heap_limit = ${HEAP_LIMIT_BYTES}`);
  driver.exec("PRAGMA trusted_schema = OFF");
  driver.authorize((action) => {
    denied = objection(action, mode) ?? denied;
    if (mode !== "own") reads.note(action);
    if (CHANGED.has(action.code) && !isSchemaTable(action.first)) changed.add(action.first ?? "");
    return objection(action, mode) === undefined;
  });

  function prepare(sql: string, as: Mode): Prepared {
    mode = as;
    denied = undefined;
    changed = new Set();
    try {
      return driver.prepare(sql);
    } catch (error) {
      throw denied === undefined
        ? error
        : refuse("authorizer", `SQLite refused the statement: ${denied}.`);
    }
  }

  const columnsOfAll = () => read(ALL_COLUMNS, []);

  function query(sql: string, params: readonly Param[], window: Window): Table {
    const guarded = guardReading(sql);
    const { sql: text, skip } = windowed(guarded, window, ["values"]);
    checkMentions(guarded, reads.begin(guarded, columnsOfAll));
    const statement = prepare(text, "query");
    try {
      reads.check(statement.columns.map(toColumn));
      return maskTable(masks, readPage(statement, params, { ...window, offset: skip }));
    } finally {
      statement.close();
    }
  }

  /** The steps of a statement that could be run; `text` is what was read of it. */
  function plan(sql: string, params: readonly Param[]): { text: string; steps: Row[] } {
    const guarded = guardReading(sql);
    if (["explain", "pragma"].includes(guarded.first))
      throw refuse("not_reading", "Give the SELECT itself, without EXPLAIN.");
    const { text } = guarded;
    checkMentions(guarded, reads.begin(guarded, columnsOfAll));
    const statement = prepare(text, "query");
    try {
      reads.check(statement.columns.map(toColumn));
    } finally {
      statement.close();
    }
    return { text, steps: read(`EXPLAIN QUERY PLAN ${text}`, params, "query") };
  }

  function read(sql: string, params: readonly Param[], as: Mode = "own"): Row[] {
    const statement = prepare(sql, as);
    try {
      const names = statement.columns.map(({ name }) => name);
      return Array.from(statement.rows(params), (row) =>
        Object.fromEntries(row.map((value, index) => [names[index] ?? "", toCell(value)])),
      );
    } finally {
      statement.close();
    }
  }

  function change(
    sql: string,
    params: readonly Param[],
    commit: boolean,
    maxRows: number,
  ): ChangeReport {
    const guarded = guardChanging(sql);
    own("BEGIN IMMEDIATE");
    try {
      const before = total();
      const hidden = reads.begin(guarded, columnsOfAll);
      if (hidden.size > 0 && guarded.first === "alter") throw hiddenUse("A column of the table");
      const statement = prepare(guarded.text, "change");
      reads.checkChange();
      const targets = [...changed];
      const sample = readPage(statement, params, { offset: 0, limit: SAMPLE_ROWS });
      statement.close();
      const touched = total() - before;
      requireFewer(touched, maxRows);
      if (commit) own("COMMIT");
      const affected = Number(read("select changes() as n", [])[0]?.n ?? 0);
      return {
        affected: targets.length > 0 ? affected : 0,
        tables: byTable(targets, affected, touched),
        sample: masks === undefined ? sample : { columns: [], rows: [], more: false },
      };
    } finally {
      try {
        own("ROLLBACK");
      } catch {} // there is none to roll back after a commit
    }
  }

  const own = (sql: string) => {
    mode = "own";
    driver.exec(sql);
  };
  const total = () => Number(read("select total_changes() as n", [])[0]?.n ?? 0);

  return { query, plan, read, change };
}

export type GuardedDatabase = ReturnType<typeof guardDatabase>;

const CHANGED = new Set([9, 18, 23]);
const isSchemaTable = (table: string | null) => /^sqlite_/.test(table ?? "");

/** SQLite counts rows of the statement and of all its triggers, not of each table. */
function byTable(targets: readonly string[], affected: number, touched: number) {
  const [main, ...others] = targets;
  if (main === undefined) return [];
  const tables = [{ table: main, rows: affected }];
  const rest = touched - affected;
  return rest > 0 ? [...tables, { table: others.join(", ") || "by triggers", rows: rest }] : tables;
}

function readPage(statement: Prepared, params: readonly Param[], { offset, limit }: Window): Table {
  if (statement.columns.length > MAX_COLUMNS)
    throw refuse(
      "too_wide",
      `The result has ${statement.columns.length} columns; ${MAX_COLUMNS} are the most.`,
    );
  const page = createPage(limit);
  let skipped = 0;
  let more = false;
  for (const row of statement.rows(params)) {
    if (skipped++ < offset) continue;
    more = !page.add(row.map(toCell));
    if (more) break;
  }
  return { columns: statement.columns.map(toColumn), rows: page.rows, more };
}

const toColumn = ({ name, type, table, column }: DriverColumn): Column => ({
  name,
  type: type ?? "",
  ...(table !== null && column !== null && { origin: { table, column } }),
});

function toCell(value: Value): Cell {
  if (value === null) return null;
  if (typeof value === "string") return textCell(value);
  if (value instanceof Uint8Array) return blobCell(value);
  return numberCell(value);
}
