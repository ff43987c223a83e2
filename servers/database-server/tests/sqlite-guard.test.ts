import { describe, expect, it } from "vitest";
import { objection } from "../src/sqlite/authorizer.ts";
import { guardChanging, guardReading } from "../src/sqlite/statement.ts";

/** Every action that SQLite tells an authorizer of. */
const ALL_ACTIONS = Array.from({ length: 34 }, (_, code) => code);
const READING = [20, 21, 31, 33];

describe("the authorizer of SQLite", () => {
  it("lets queries read and call functions, and nothing else that is not a pragma", () => {
    const allowed = ALL_ACTIONS.filter(
      (code) => objection({ code, first: "t", second: "a" }, "query") === undefined,
    );
    expect(allowed).toEqual(READING);
    expect(objection({ code: 99, first: null, second: null }, "query")).toBeDefined();
  });

  it("never attaches, detaches or makes virtual tables, in a change either", () => {
    for (const code of [24, 25, 28, 29, 30, 32, 3, 4, 5, 6])
      expect(objection({ code, first: "t", second: null }, "change"), String(code)).toBeDefined();
  });

  it.each([
    ["table_info", "users", true],
    ["user_version", null, true],
    ["user_version", "7", false],
    ["user_version", "", false],
    ["journal_mode", "off", false],
    ["writable_schema", null, false],
    ["query_only", "0", false],
    ["temp_store_directory", "/etc", false],
    ["database_list", null, false],
  ])("PRAGMA %s = %s: %s", (first, second, allowed) => {
    expect(objection({ code: 19, first, second }, "query") === undefined).toBe(allowed);
  });

  it.each(["load_extension", "READFILE", "writefile", "fts3_tokenizer", "edit"])(
    "denies %s()",
    (second) => {
      expect(objection({ code: 31, first: null, second }, "query")).toBeDefined();
    },
  );

  it.each(["sqlite_dbpage", "SQLITE_DBPAGE", "bytecode"])("denies the table %s", (first) => {
    expect(objection({ code: 20, first, second: "data" }, "query")).toBeDefined();
  });
});

describe("the statements of SQLite", () => {
  it.each([
    "SELECT 1;",
    "VALUES (1)",
    "WITH x AS (SELECT 1) SELECT * FROM x",
    "PRAGMA table_info(t)",
    "SELECT ';' AS \"a;b\", [c;d] FROM t -- ;",
  ])("lets through %s", (sql) => {
    expect(guardReading(sql)).toBeDefined();
  });

  it.each([
    ["SELECT 1; SELECT 2", "one statement"],
    ["SELECT 1;;DELETE FROM t", "one statement"],
    ["ATTACH 'x' AS y", "Only statements"],
    ["VACUUM INTO 'x'", "Only statements"],
    ["EXPLAIN VACUUM INTO 'x'", "explained"],
    ["EXPLAIN QUERY PLAN DELETE FROM t", "explained"],
    ["SELECT 'a", "unterminated"],
    ["/* only a comment */", "no statement"],
  ])("refuses %s: %s", (sql, why) => {
    expect(() => guardReading(sql)).toThrow(why);
  });

  it("takes changes in execute only", () => {
    expect(() => guardChanging("SELECT 1")).toThrow("execute takes");
    expect(() => guardChanging("COMMIT")).toThrow("execute takes");
    expect(guardChanging("INSERT INTO t VALUES (1)").first).toBe("insert");
  });

  it.each([
    "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t; END",
    "create temp trigger r after insert on t begin select 1; end",
  ])("makes no trigger, and says so: %s", (sql) => {
    expect(() => guardChanging(sql)).toThrow("no triggers");
    expect(objection({ code: 7, first: "r", second: "t" }, "change")).toBeDefined();
  });
});
