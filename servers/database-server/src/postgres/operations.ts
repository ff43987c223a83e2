import { createPage, type Key, type Window } from "../engine/page.ts";
import { refuse } from "../engine/refusal.ts";
import type { Change, Column, Engine, PlanQuery, Query, Row, Table } from "../engine/types.ts";
import { isHidden, type MaskRules, maskTable } from "../masking/rules.ts";
import { changeIn } from "./change.ts";
import { createDescriber } from "./describe-columns.ts";
import { CURSOR_PREFIX, cells, checkFields, fetchPage, type RawPage } from "./fetch.ts";
import { type Guarded, guardReading } from "./guard.ts";
import { createKeys, type Order, orderOf, seek } from "./keyset.ts";
import { createLookup } from "./lookup.ts";
import { checkHidden } from "./masks.ts";
import type { ParsedStatement } from "./parser.ts";
import type { Raw, Session, Transact, Work } from "./session.ts";

export interface Operating {
  transact: Transact;
  masks: MaskRules | undefined;
  /** How this database is told of indexes that do not exist, and what transaction that takes. */
  imagine: {
    work: Work;
    indexes(session: Session, statements: readonly string[]): Promise<void>;
  };
}

const NOTHING: Table = { columns: [], rows: [], more: false };
const PLAN_PREFIX = "EXPLAIN (FORMAT JSON) ";
const ANALYZE_PREFIX = "EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS) ";

/** What an engine does, in PostgreSQL's words; each call in a transaction of its own. */
export function createOperations({
  transact,
  masks,
  imagine,
}: Operating): Required<Pick<Engine, "query" | "plan" | "trial" | "read" | "change">> {
  const lookup = createLookup();
  const describe = createDescriber(masks !== undefined);
  const keys = createKeys();
  const lookupIn = (session: Session) =>
    lookup(async (sql, params) => toRows(await session.run(sql, params)));

  async function guard(session: Session, sql: string): Promise<Guarded> {
    const guarded = await guardReading(sql, lookupIn(session));
    if (masks !== undefined) await checkHidden(session, masks, guarded);
    return guarded;
  }

  async function guardSelect(session: Session, sql: string): Promise<void> {
    const { kind } = await guard(session, sql);
    if (kind !== "select") throw refuse("not_reading", "Give the SELECT itself, without EXPLAIN.");
  }

  /** What is sent has passed the guard, as it is sent. */
  async function fetchAfter(
    session: Session,
    statement: ParsedStatement,
    order: Order | undefined,
    params: Query["params"],
    { after = [], limit }: Window,
  ): Promise<RawPage> {
    const text = seek(statement, order, after, params.length);
    const guarded = await guardReading(text, lookupIn(session));
    return fetchPage(session, text, [...params, ...after], { offset: 0, limit }, guarded);
  }

  /** A key travels through the caller: it holds no value that is hidden. */
  async function keyHere(
    session: Session,
    order: Order,
    { fields, last, more }: RawPage,
    columns: readonly Column[],
  ): Promise<Key | undefined> {
    if (!more || last === undefined) return undefined;
    const hidden = columns.find((column) => masks && isHidden(masks, column));
    if (hidden !== undefined && order.by.includes(hidden.name)) return undefined;
    return keys(session, order, fields, last);
  }

  async function planOf(session: Session, prefix: string, sql: string, params: Query["params"]) {
    const { rows } = await session.run(prefix + sql, params);
    return JSON.parse(rows[0]?.[0] ?? "null") as unknown;
  }

  return {
    query: ({ sql, params, window }, signal) =>
      transact({ access: "READ ONLY", shift: CURSOR_PREFIX.length }, signal, async (session) => {
        const guarded = await guard(session, sql);
        const { kind, statement } = guarded;
        if (kind !== "select") {
          const page = windowOf(await session.run(sql, params), window);
          return { ...page, columns: await describe(session, page.fields) };
        }
        const order = orderOf(statement);
        const page = await (window.after === undefined
          ? fetchPage(session, sql, params, window, guarded)
          : fetchAfter(session, statement, order, params, window));
        const columns = await describe(session, page.fields);
        const key = order && (await keyHere(session, order, page, columns));
        const { rows, more } = page;
        return maskTable(masks, { columns, rows, more, ...(key && { key }) });
      }),

    plan: ({ sql, params, analyze }: PlanQuery, signal) => {
      const prefix = analyze ? ANALYZE_PREFIX : PLAN_PREFIX;
      const work = { access: "READ ONLY", shift: prefix.length } as const;
      return transact(work, signal, async (session) => {
        await guardSelect(session, sql);
        return planOf(session, prefix, sql, params);
      });
    },

    trial: (sql, params, indexes, signal) => {
      const work = { ...imagine.work, shift: PLAN_PREFIX.length };
      return transact(work, signal, async (session) => {
        await guardSelect(session, sql);
        const before = await planOf(session, PLAN_PREFIX, sql, params);
        await imagine.indexes(session, indexes);
        return { before, after: await planOf(session, PLAN_PREFIX, sql, params) };
      });
    },

    read: (sql, params, signal) =>
      transact({ access: "READ ONLY" }, signal, async (session) =>
        toRows(await session.run(sql, params)),
      ),

    change: (change: Change, signal) =>
      transact({ access: "READ WRITE", commit: change.commit }, signal, async (session) => {
        const report = await changeIn(session, change, lookupIn(session), describe, masks);
        // RETURNING takes expressions, which nothing tells the origin of
        return masks === undefined ? report : { ...report, sample: NOTHING };
      }),
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
