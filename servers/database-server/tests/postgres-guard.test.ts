import { describe, expect, it } from "vitest";
import { guardReading } from "../src/postgres/guard.ts";
import type { FunctionFacts, Lookup } from "../src/postgres/volatility.ts";
import { guardChanging } from "../src/postgres/write-guard.ts";

const CATALOGUE: FunctionFacts[] = [
  { name: "evil_write", schema: "public", language: "plpgsql", single: false },
  { name: "nextval", schema: "pg_catalog", language: "internal", single: true },
  { name: "lo_unlink", schema: "pg_catalog", language: "internal", single: true },
  { name: "random", schema: "pg_catalog", language: "internal", single: false },
  { name: "random", schema: "fake", language: "plpgsql", single: false },
];

const lookup: Lookup = {
  functions: async (names) => CATALOGUE.filter(({ name }) => names.includes(name)),
  operators: async (names) => names.filter((name) => name === "===>"),
};

const guard = (sql: string) => guardReading(sql, lookup);

describe("the guard of PostgreSQL", () => {
  it.each([
    "SELECT 1",
    "select 1;",
    "TABLE orders",
    "VALUES (1), (2)",
    "WITH x AS (SELECT 1) SELECT * FROM x -- and so on",
    "EXPLAIN ANALYZE SELECT 1",
    "SHOW work_mem",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM orders",
    "SELECT pg_catalog.random()",
    "SELECT 'DROP TABLE x; COMMIT'",
    'SELECT o.nextval_old, o."select" FROM orders o',
  ])("lets through %s", async (sql) => {
    await expect(guard(sql)).resolves.toBeDefined();
  });

  it.each([
    ["", "There is no statement"],
    [";;", "There is no statement"],
    ["SELECT 1; SELECT 2", "one statement"],
    ["COMMIT", "Only statements that read"],
    ["EXPLAIN DELETE FROM orders", "Only statements that read"],
    ["EXPLAIN CREATE TABLE x AS SELECT 1", "Only statements that read"],
    ["WITH w AS (DELETE FROM users RETURNING *) SELECT 1", "DELETE"],
    [
      "SELECT (SELECT 1 FROM (WITH q AS (UPDATE t SET a = 1 RETURNING a) SELECT * FROM q) s)",
      "UPDATE",
    ],
    ["SELECT 1 INTO t", "INTO"],
    ["SELECT * FROM t FOR UPDATE", "FOR UPDATE"],
    ["SELECT * FROM (SELECT * FROM t FOR SHARE) s", "FOR UPDATE"],
    ["SELECT evil_write()", "volatile"],
    ['SELECT 1 FROM t ORDER BY "evil_write"()', "volatile"],
    ["SELECT random()", "fake.random is volatile"],
    ["SELECT ('s1'::text).nextval", "volatile"],
    ["SELECT f.lo_unlink FROM abs(1) AS f", "volatile"],
    ["SELECT ('/etc/passwd'::text).pg_read_file", "pg_read_file"],
    ["SELECT U&\"pg\\005fread_file\"('x')", "pg_read_file"],
    ["SELECT 1 ===> 2", "operator"],
    ["SELECT 1 OPERATOR(public.===>) 2", "operator"],
    ["SELECT * FROM pg_authid", "secrets"],
    ['SELECT * FROM pg_catalog."pg_shadow"', "secrets"],
    ["SELECT table_to_xml('pg_authid', true, true, '')", "table_to_xml"],
    ["SHOW ALL", "secrets"],
    ["SELECT '\0'", "null character"],
    ["SELECT FROM WHERE", "cannot read"],
  ])("refuses %j: %s", async (sql, why) => {
    await expect(guard(sql)).rejects.toThrow(why);
  });

  it("has tables of the user's own under names that are the server's elsewhere", async () => {
    await expect(guard("SELECT * FROM mine.pg_authid")).resolves.toBeDefined();
  });

  it("reads on, however often a statement was nested too deeply", async () => {
    const bomb = `SELECT ${Array(16_000).fill("1").join("+")}`;
    for (let round = 0; round < 40; round += 1)
      await expect(guard(bomb)).rejects.toThrow("nested too deeply");
    await expect(guard("SELECT 1")).resolves.toBeDefined();
  });
});

describe("the guard of changes", () => {
  it.each([
    "UPDATE pg_catalog.pg_class SET relname = 'x'",
    "DELETE FROM pg_proc",
    "INSERT INTO pg_cast VALUES (1)",
    "UPDATE pg_authid SET rolsuper = true",
    "ALTER TABLE pg_class ADD COLUMN a int",
  ])("does not take %s", async (sql) => {
    await expect(guardChanging(sql, lookup)).rejects.toThrow(/belongs to the server|secrets/);
  });
});
