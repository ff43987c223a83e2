import { beforeAll, describe, expect, it } from "vitest";
import type { CallToolResult } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { hasMaria, mariaFixture } from "./attacks/maria-fixture.ts";
import { pgliteFixture } from "./attacks/pglite-fixture.ts";
import { postgresFixture } from "./attacks/postgres-fixture.ts";
import { hasPostgres, NO_POSTGRES } from "./attacks/postgres-server.ts";
import { sqliteFixture } from "./attacks/sqlite-fixture.ts";
import { expectToolError } from "./shared/testing/call.ts";
import { server } from "./support/built-server.ts";

const TABLES = [
  "create table pairs(a int not null, b varchar(20) not null, c int, primary key (a, b))",
  `insert into pairs values ${Array.from({ length: 60 }, (_, at) => `(${at % 7}, 'k ''${at}', ${at % 3})`).join(", ")}`,
];
/** What only PostgreSQL has: tables with heirs, and functions that give several rows. */
const POSTGRES_TABLES = [
  "create table parents(id int primary key); create table heirs() inherits (parents)",
  "insert into parents select generate_series(1, 30); insert into heirs select generate_series(1, 30)",
  "create view seen as select p.* from pairs p, generate_series(1, 2)",
];

/** Ordered by what tells the rows of one table apart. */
const KEYED = [
  "select * from pairs order by a, b",
  "select b, a, c from pairs where c < 2 order by a desc, b desc;",
  "select p.a, p.b from pairs p order by p.b, p.a -- the end",
  "select b as a, a as b from pairs order by b, a",
  'select a as "x ""y", b from pairs order by "x ""y", b',
  "select c, b, a from pairs where a > $1 order by a, b",
];
/** Where the last row shown does not tell which come next. */
const COUNTED = [
  "select a, b, c from pairs order by c, a",
  "select a, b, c from pairs order by a, b, c",
  "select a, b from pairs order by a, b desc",
  "select a, b from pairs order by 1, 2",
  "select a, b, generate_series(1, 2) from pairs order by a, b",
  "select a, b, a + 1 from pairs order by a, b",
  "select p.b as a, p.a as b from pairs p order by p.a, p.b",
  "select b from pairs order by a, b",
  "select a, b from pairs order by a, b limit 40",
  "select distinct a, b from pairs order by a, b",
  "select a, b from seen order by a, b",
  "select id from parents order by id",
  "with x as (select p.* from pairs p, generate_series(1, 2)) select a, b from x order by a, b",
  "select x.a, x.b from pairs x, pairs y order by x.a, x.b limit 50",
];

async function open(url: string, more: Record<string, string> = {}) {
  const instance = await server.open({ env: { DATABASE_URL: url, ...more }, log: silentLog });
  const ask = async (input: object) => {
    const context = { signal: new AbortController().signal, era: "modern" as const };
    return (await instance.call("query", input, context)).result as CallToolResult;
  };
  const query = async (input: object) => {
    const { structuredContent, content } = await ask(input);
    if (structuredContent === undefined) throw new Error(JSON.stringify(content));
    return structuredContent as { rows: unknown[][]; next_cursor?: string; warnings?: string[] };
  };
  /** All rows, a few at a time, and the place that each cursor tells of. */
  const pages = async (sql: string, limit: number) => {
    const input = { sql, limit, params: sql.includes("$1") ? [1] : [] };
    const rows: unknown[][] = [];
    const places: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await query({ ...input, ...(cursor !== undefined && { cursor }) });
      rows.push(...page.rows);
      cursor = page.next_cursor;
      if (cursor !== undefined) places.push(placeIn(cursor));
    } while (cursor !== undefined);
    return { rows, places };
  };
  return { ask, query, pages, close: () => instance.close() };
}

const placeIn = (cursor: string): unknown =>
  JSON.parse(Buffer.from(cursor, "base64url").toString()).at(-1);

interface Target {
  url(): string;
  run(sql: string): Promise<unknown>;
}

function describePostgres({ url, run }: Target): void {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    for (const sql of [...TABLES, ...POSTGRES_TABLES]) await run(sql);
    opened = await open(url());
    return () => opened.close();
  }, 60_000);

  it.each(KEYED)("goes on after the last row shown: %s", async (sql) => {
    const [{ rows, places }, whole] = [await opened.pages(sql, 7), await opened.pages(sql, 1_000)];
    expect(rows).toEqual(whole.rows);
    expect(places.length).toBeGreaterThan(3);
    for (const place of places) expect(place).toEqual([expect.any(String), expect.any(String)]);
  });

  it.each(COUNTED)("counts rows where it must: %s", async (sql) => {
    const [{ rows, places }, whole] = [await opened.pages(sql, 7), await opened.pages(sql, 1_000)];
    expect(rows).toEqual(whole.rows);
    expect(places.length).toBeGreaterThan(3);
    for (const place of places) expect(place).toEqual(expect.any(Number));
  });

  it("shows no row twice when others come before it meanwhile", async () => {
    const sql = "select id from parents where id > 0 order by id";
    await run(
      "drop table heirs; truncate parents; insert into parents select generate_series(10, 20)",
    );
    const fresh = await open(url());
    const first = await fresh.query({ sql, limit: 5 });
    await run("insert into parents select generate_series(1, 9)");
    const second = await fresh.query({ sql, limit: 100, cursor: first.next_cursor });
    expect(second.rows).toEqual([[15], [16], [17], [18], [19], [20]]);
    await fresh.close();
  });

  it("puts no hidden value into a cursor", async () => {
    const masked = await open(url(), { MASK_COLUMNS: "pairs.b" });
    const page = await masked.query({ sql: "select * from pairs", limit: 3 });
    expect(placeIn(page.next_cursor ?? "")).toBe(3);
    expect((await masked.ask({ sql: "select a, b from pairs order by a, b" })).isError).toBe(true);
    await masked.close();
  });

  it("refuses a place that belongs to another statement", async () => {
    const sql = "select a from pairs";
    const cursor = (await opened.query({ sql, limit: 3 })).next_cursor ?? "";
    const parts = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const forged = Buffer.from(JSON.stringify([...parts.slice(0, -1), ["1"]])).toString(
      "base64url",
    );
    expectToolError(await opened.ask({ sql, limit: 3, cursor: forged }), "PERMISSION_DENIED");
  });
}

describe("pages on PGlite", { timeout: 90_000 }, () => describePostgres(pgliteFixture()));

describe.skipIf(!hasPostgres)(`pages on PostgreSQL (${NO_POSTGRES})`, () => {
  const fixture = postgresFixture();
  describePostgres({ url: () => fixture.url("postgres"), run: fixture.run });
});

/** Statements whose pages have to fit together everywhere. */
const ANYWHERE = [
  "select a, b, c from pairs order by a, b",
  "select a, b from pairs order by c, a, b limit 40",
  "with x as (select a, b from pairs) select * from x order by b -- the end",
  "select a, b from pairs union all select a, b from pairs order by b, a",
];

function describeOther({ url, run }: Target): void {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    for (const sql of TABLES) await run(sql);
    opened = await open(url());
    return () => opened.close();
  }, 60_000);

  it.each(ANYWHERE)("leads through %s", async (sql) => {
    const whole = await opened.pages(sql, 1_000);
    expect(whole.rows.length).toBeGreaterThanOrEqual(40);
    expect((await opened.pages(sql, 7)).rows).toEqual(whole.rows);
  });
}

describe.skipIf(!hasMaria)("pages on MariaDB (skipped where 127.0.0.1:3306 has none)", () => {
  const fixture = mariaFixture();
  describeOther({ url: () => fixture.url(fixture.users.app, "app"), run: fixture.run });
});

describe("pages on SQLite", () => {
  const { url } = sqliteFixture(TABLES.join(";"));
  describeOther({ url, run: async () => {} });

  it("leads through VALUES, which takes no limit", async () => {
    const { pages, close } = await open(url());
    const { rows } = await pages("values (1), (2), (3), (4) union all values (5)", 2);
    expect(rows).toEqual([[1], [2], [3], [4], [5]]);
    await close();
  });
});
