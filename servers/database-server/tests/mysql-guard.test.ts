import { describe, expect, it } from "vitest";
import { guardReading } from "../src/mysql/guard.ts";
import { guardChanging } from "../src/mysql/write-guard.ts";
import { windowed } from "../src/sql/window.ts";

describe("the guard of MySQL and MariaDB", () => {
  it.each([
    "SELECT 1",
    "select 1 /* ; drop table x */ -- ; drop table y",
    "(SELECT 1) UNION (SELECT 2);",
    "WITH x AS (SELECT 1) SELECT * FROM x",
    "SHOW TABLES",
    "SHOW CREATE TABLE t",
    "DESCRIBE t",
    "DESC t id",
    "EXPLAIN FORMAT=JSON SELECT 1",
    "EXPLAIN (SELECT 1)",
    "SELECT replace('a', 'a', 'b'), insert('abc', 1, 1, 'z')",
    "SELECT CONVERT(a USING utf8mb4), CAST(b AS CHAR CHARACTER SET utf8mb4) FROM t",
    "SELECT 'into outfile; load_file(''x'')'",
    "SELECT `into`, t.`update` FROM t",
    "SELECT * FROM mysql.time_zone_name",
    "SELECT sleep, handler, t.benchmark FROM t",
    "SELECT 1.5, .5, 1e5, 0x1f, 0b01, a.b FROM t LIMIT 5,10",
  ])("lets through %s", (sql) => {
    expect(guardReading(sql).text).not.toMatch(/[;\n]$/);
  });

  it.each([
    ["", "no statement"],
    ["SELECT 1; SELECT 2", "one statement"],
    ["SELECT 1--1", "blank"],
    ["SELECT 1 --\u00a0 INTO OUTFILE 'x'\nFROM t", "blank"],
    ["SELECT 1 --\ufeff, load_file('x')\nFROM t", "blank"],
    ["SELECT 1 # x", "comments"],
    ["SELECT 1 /*!50000 INTO OUTFILE 'x' */", "code to the engine"],
    ["SELECT 1 /*M!100000 INTO OUTFILE 'x' */", "code to the engine"],
    ["SELECT 1 /* a /* b */ */", "nested"],
    ["SELECT /*+ MAX_EXECUTION_TIME(0) */ 1", "hints"],
    ["SELECT 'a\\'", "backslash"],
    ["SELECT 'a", "does not end"],
    ["SELECT 1 /* a", "does not end"],
    ["SELECT '\0'", "null character"],
    ["SELECT 2fa FROM t", "digit"],
    ["SELECT * FROM other.2fa", "digit"],
    ["SELECT * FROM `other`.2020", "digit"],
    ["SELECT 1e5x", "digit"],
    ["SELECT @a := 1", ":="],
    ["SELECT 1 INTO @a", "INTO"],
    ["SELECT `LOAD_FILE`('x')", "LOAD_FILE"],
    ["SELECT sleep /**/ (1)", "SLEEP"],
    ["SELECT * FROM t FOR UPDATE", "FOR UPDATE"],
    ["SELECT * FROM t LOCK IN SHARE MODE", "LOCK IN"],
    ["SELECT NEXT VALUE FOR s", "NEXT VALUE"],
    ["WITH x AS (SELECT 1) DELETE FROM t", "DELETE"],
    ["EXPLAIN DELETE FROM t", "explained"],
    ["EXPLAIN FOR CONNECTION 5", "explained"],
    ["SET STATEMENT max_statement_time = 0 FOR SELECT 1", "Only statements"],
    ["SELECT * FROM `mysql` . `user`", "secrets"],
    ["SELECT * FROM MySQL.global_priv", "secrets"],
    ["SHOW CREATE USER x", "secrets"],
    ["SHOW GRANTS", "secrets"],
    ["SHOW BINLOG EVENTS", "secrets"],
  ])("refuses %j: %s", (sql, why) => {
    expect(() => guardReading(sql)).toThrow(why);
  });

  it.each([
    ["SELECT a/* x */FROM t", "SELECT a FROM t"],
    ["SELECT 1 -- x\n + 1", "SELECT 1 + 1"],
    ["SELECT  'a--b', 1\n, `/*` FROM t", "SELECT  'a--b', 1\n, `/*` FROM t"],
  ])("sends no comment of %j", (sql, sent) => {
    expect(guardReading(sql).text).toBe(sent);
  });

  it.each(["\u00a0", "\u2003", "\ufeff"])("reads %j as a letter, as the engine does", (letter) => {
    const words = guardReading(`SELECT a${letter}into FROM t`).tokens.map(({ text }) => text);
    expect(words).toContain(`a${letter}into`);
  });

  it.each([
    ["SELECT * FROM t", "SELECT * FROM t LIMIT 11 OFFSET 20", 0],
    ["SELECT * FROM t; -- the end", "SELECT * FROM t LIMIT 11 OFFSET 20", 0],
    [
      "SELECT * FROM (SELECT * FROM t LIMIT 5) x",
      "SELECT * FROM (SELECT * FROM t LIMIT 5) x LIMIT 11 OFFSET 20",
      0,
    ],
    ["SELECT * FROM t LIMIT 5", "SELECT * FROM t LIMIT 5", 20],
    ["SELECT 'limit' AS `limit`", "SELECT 'limit' AS `limit` LIMIT 11 OFFSET 20", 0],
    ["SHOW TABLES", "SHOW TABLES", 20],
  ])("pages %s", (sql, paged, skip) => {
    expect(windowed(guardReading(sql), { offset: 20, limit: 10 })).toEqual({ sql: paged, skip });
  });

  it.each(["INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "REPLACE INTO t VALUES (1)"])(
    "takes the change %s, which it does not read",
    (sql) => {
      expect(guardChanging(sql).text).toBe(sql);
      expect(() => guardReading(sql)).toThrow("Only statements that read");
    },
  );

  it.each([
    "DROP TABLE t",
    "CALL p()",
    "CREATE TABLE t2 SELECT * FROM t",
    "CREATE TEMPORARY TABLE t2 SELECT * FROM t",
    "LOAD DATA INFILE 'x' INTO TABLE t",
    "SELECT * INTO OUTFILE 'x' FROM t",
    "INSERT INTO 2fa VALUES (1)",
    "INSERT INTO t SELECT load_file('x')",
    "SELECT 1 INTO OUTFILE 'x'",
    "UPDATE t SET a = sleep(9)",
  ])("does not take the change %s", (sql) => {
    expect(() => guardChanging(sql)).toThrow();
  });
});
