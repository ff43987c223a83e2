import { beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { hasMaria, mariaFixture } from "./attacks/maria-fixture.ts";
import { pgliteFixture } from "./attacks/pglite-fixture.ts";
import { postgresFixture } from "./attacks/postgres-fixture.ts";
import { hasPostgres, NO_POSTGRES } from "./attacks/postgres-server.ts";
import { sqliteFixture } from "./attacks/sqlite-fixture.ts";
import { callTool, expectToolError } from "./shared/testing/call.ts";
import { server } from "./support/built-server.ts";

const isNode24 = Number(process.versions.node.split(".")[0]) >= 24;
const SQL = "UPDATE users SET email = 'changed@example.com' WHERE id = 1";

/** Each would put a hidden value where it is shown, or tell which rows have it. */
const TELLING = [
  "UPDATE orders SET note = (SELECT email FROM users WHERE id = 1) WHERE id = 1",
  "INSERT INTO orders (note) SELECT email FROM users",
  "INSERT INTO orders (note) SELECT x.email FROM (SELECT * FROM users) x",
  "UPDATE users SET password_hash = email",
  "DELETE FROM users WHERE email LIKE 'u1%'",
];

function describeMaskedChanges(name: string, url: () => string, telling: string[]): void {
  describe(`execute on ${name}, where a column is masked`, () => {
    const execute = (sql: string) => {
      const env = {
        DATABASE_URL: `${url()}?mode=write`,
        ALLOW_WRITES: "true",
        MASK_COLUMNS: "users.email",
      };
      return callTool(server, "execute", { sql }, { env });
    };

    it.each([...TELLING, ...telling])("does not take %s", async (sql) => {
      const { details } = expectToolError(await execute(sql), "PERMISSION_DENIED");
      expect(details.reason).toBe("masked");
    });

    it.each([
      "UPDATE users SET password_hash = 'x', email = 'new@example.com' WHERE id = 1",
      "INSERT INTO users (email, password_hash) VALUES ('other@example.com', 'x')",
    ])("takes %s", async (sql) => {
      expect((await execute(sql)).structuredContent).toMatchObject({ affected_rows: 1 });
    });
  });
}

/** Engines beside InnoDB keep what a dry run writes; `other` stands for a second schema. */
const KEEPING = [
  "create table kept(a int) engine=MyISAM",
  "create table other.Upper(a int) engine=Aria",
  "create table other.unseen(a int) engine=MyISAM",
  "create table parts(a int) engine=Aria partition by hash(a) partitions 2",
  "create view kept_view as select * from kept",
  "create table `kept-too`(a int) engine=MyISAM",
  "create table fine(a int primary key)",
  "create table fine_parts(a int) partition by hash(a) partitions 2",
  "create table fine_history(a int) with system versioning",
  "create view fine_view as select * from fine",
  "create trigger fine_in before insert on fine for each row set new.a = new.a + 1",
  "create sequence numbers",
  "create table logged(a int)",
  "create trigger logged_in before insert on logged for each row insert into kept values (new.a)",
  "create procedure keep() insert into `kept-too` values (1)",
  "create table calls(a int)",
  "create trigger calls_in before delete on calls for each row call keep()",
  "create function keep_one() returns int begin insert into kept values (1); return 1; end",
  "create table tells(a int)",
  "create trigger tells_in before insert on tells for each row insert into other.unseen values (1)",
];
const UNDONE = [
  "insert into kept values (1)",
  "insert into KEPT values (1)",
  "insert into .kept values (1)",
  "replace into kept values (1)",
  "insert into other.upper values (1)",
  "insert into `other` . `Upper` select 1",
  "insert into kept_view values (1)",
  "update kept_view set a = 2",
  "update users, kept set kept.a = 2 where users.id = 1",
  "delete kept from kept join users on users.id = a",
  "insert into parts values (1)",
  "insert into numbers values (1, 1, 9, 1, 1, 0, 0, 0)",
  "insert into logged values (1)",
  "delete from calls",
  "insert into fine values (keep_one())",
  "delete from fine where a = keep_one()",
];

function describeRollback({ database, users, run, url }: ReturnType<typeof mariaFixture>): void {
  describe("execute on MariaDB, where an engine cannot roll back", () => {
    const other = `${database}_other`;
    const place = (sql: string) => sql.replace(/\bother\b/, other);
    const execute = (sql: string, given: string, more: object = {}) => {
      const env = { DATABASE_URL: `${given}?mode=write`, ALLOW_WRITES: "true" };
      return callTool(server, "execute", { sql: place(sql), ...more }, { env });
    };
    const root = url("root", "");
    const rows = (table: string) =>
      run(place(`select count(*) as n from ${table}`)).then(([found]) => JSON.stringify(found));
    const kept = () =>
      Promise.all(["kept", "`kept-too`", "other.Upper", "other.unseen", "parts"].map(rows));
    beforeAll(async () => {
      await run(`create database ${other}`);
      for (const sql of KEEPING) await run(place(sql));
      for (const table of ["kept", "calls", "other.Upper"])
        await run(place(`insert into ${table} values (5)`));
      await run(`grant insert on ${database}.fine to ${users.ro}`);
      return () => run(`drop database ${other}`);
    });
    const expectRefused = async (result: ReturnType<typeof execute>, reason: string) =>
      expect(expectToolError(await result, "PERMISSION_DENIED").details.reason).toBe(reason);

    it.each(UNDONE)("does not try %s", async (sql) => {
      const before = await kept();
      await expectRefused(execute(sql, root), "no_rollback");
      expect(await kept()).toEqual(before);
    });

    it.each(["insert into other.Upper values (1)", `insert into ${database}.kept values (1)`])(
      "does not try %s, where the URL names no database",
      async (sql) => {
        const before = await kept();
        await expectRefused(execute(sql, root.replace(`/${database}`, "/")), "no_rollback");
        expect(await kept()).toEqual(before);
      },
    );

    it.each([
      "insert into fine values (1)",
      "insert into fine_view values (1)",
      "insert into fine_parts values (1)",
      "insert into fine_history values (1)",
      "insert into fine select id from users limit 1",
    ])("tries %s, and undoes it", async (sql) => {
      const { structuredContent } = await execute(sql, root);
      expect(structuredContent).toMatchObject({
        affected_rows: 1,
        tables: [{ table: expect.stringMatching(/^fine/), rows: 1 }],
      });
      expect(await rows(sql.split(" ")[2] ?? "")).toBe('[{"n":0}]');
    });

    it("does not set off a trigger that it may not read", async () => {
      const sql = "insert into fine values (1)";
      await expectRefused(execute(sql, url(users.ro, "ro")), "no_rollback");
    });

    it.each([{}, { max_affected_rows: 0 }])("tells of what stayed, given %j", async (more) => {
      const before = await rows("other.unseen");
      const told = execute("insert into tells values (1)", url(users.app, "app"), more);
      await expectRefused(told, "not_rolled_back");
      expect(await rows("other.unseen")).not.toBe(before);
    });

    it("does not take what names no table", async () => {
      expectToolError(await execute("insert into nothing values (1)", root), "NOT_FOUND");
    });
  });
}

function describeChanges(name: string, url: () => string, noSchemaChange: boolean): void {
  describe(`execute on ${name}`, () => {
    let instance: Awaited<ReturnType<typeof server.open>>;
    beforeAll(async () => {
      const writing = `${url()}?mode=write`;
      const env = { DATABASE_URL: writing, DATABASE_URL_OTHER: writing, ALLOW_WRITES: "true" };
      instance = await server.open({ env, log: silentLog });
      return () => instance.close();
    });
    const ask = async (tool: string, input: object, host: object = {}): Promise<unknown> => {
      const signal = new AbortController().signal;
      return (await instance.call(tool, input, { signal, era: "modern", ...host })).result;
    };
    const call = async (tool: string, input: object) =>
      (await ask(tool, input)) as { structuredContent?: Record<string, unknown> };
    const told = async (tool: string, input: object) => {
      const { structuredContent, ...other } = await call(tool, input);
      if (structuredContent === undefined) throw new Error(JSON.stringify(other));
      return structuredContent;
    };
    const email = async () =>
      (await told("query", { sql: "SELECT email FROM users WHERE id = 1" })).rows;

    it("tries first, and commits with the token, once", async () => {
      const before = await email();
      const tried = await told("execute", { sql: SQL });
      expect(tried).toMatchObject({
        committed: false,
        affected_rows: 1,
        token: expect.any(String),
      });
      expect(JSON.stringify(tried?.tables)).toMatch(/users.*"rows":1/);
      expect(await email()).toEqual(before);
      const token = tried?.token;
      const done = await told("execute", { sql: SQL, token });
      expect(done).toMatchObject({ committed: true, affected_rows: 1 });
      expect(await email()).toEqual([["changed@example.com"]]);
      expectToolError(await call("execute", { sql: SQL, token }), "CONFLICT");
    });

    it("takes a token for its own statement only, as it was tried", async () => {
      const { token } = await told("execute", { sql: SQL });
      for (const other of [
        { sql: "DELETE FROM orders" },
        { sql: `${SQL} ` },
        { sql: SQL, connection: "other" },
        { sql: SQL, params: [1] },
        { sql: SQL, max_affected_rows: 5 },
      ])
        expectToolError(await call("execute", { ...other, token }), "CONFLICT");
    });

    it("adds rows, from values and from a query", async () => {
      const values = "INSERT INTO orders (user_id, total) VALUES (1, 10), (2, 20)";
      const query = "INSERT INTO orders (user_id, total) SELECT id, 5 FROM users WHERE id <= 3";
      for (const [sql, rows] of [[values, 2] as const, [query, 3] as const])
        expect((await call("execute", { sql })).structuredContent).toMatchObject({
          affected_rows: rows,
          tables: [{ table: expect.stringMatching(/orders$/), rows }],
        });
    });

    it("changes nothing beyond the rows that are allowed", async () => {
      const sql = "DELETE FROM orders WHERE id <= 3";
      const { details } = expectToolError(
        await call("execute", { sql, max_affected_rows: 2 }),
        "VALIDATION_ERROR",
      );
      expect(details.reason).toBe("too_many_rows");
      expect(
        (await call("execute", { sql, max_affected_rows: 3 })).structuredContent,
      ).toMatchObject({ affected_rows: 3 });
    });

    it("asks the user where the client can, and commits or not as they say", async () => {
      const sql = "DELETE FROM orders WHERE id = 20";
      const canAsk = { canAsk: true, client: { capabilities: { elicitation: {} } } };
      const asked = await ask("execute", { sql }, canAsk);
      expect(asked).toMatchObject({ resultType: "input_required" });
      const { requestState, inputRequests } = asked as Record<string, string>;
      expect(JSON.stringify(inputRequests)).toContain("touches 1 rows");
      const say = (commit: boolean) =>
        ask(
          "execute",
          { sql },
          {
            ...canAsk,
            requestState,
            inputResponses: { decision: { action: "accept", content: { commit } } },
          },
        );
      const left = async () =>
        JSON.stringify(await call("query", { sql: "SELECT count(*) FROM orders WHERE id = 20" }));
      expect(await say(false)).toMatchObject({ structuredContent: { committed: false } });
      expect(await left()).toMatch(/"rows":\[\["?1"?\]\]/);
      expect(await say(true)).toMatchObject({ structuredContent: { committed: true } });
      expect(await left()).toMatch(/"rows":\[\["?0"?\]\]/);
    });

    it.each([
      "SELECT 1",
      "COMMIT",
      "DELETE FROM orders; DELETE FROM users",
      "GRANT ALL ON users TO PUBLIC",
      ...(noSchemaChange ? ["DROP TABLE orders", "TRUNCATE TABLE orders"] : []),
    ])("does not take %s", async (sql) => {
      expectToolError(await call("execute", { sql }), "PERMISSION_DENIED");
    });
  });
}

const sqlite = sqliteFixture();
describe.skipIf(!isNode24)(
  "SQLite (skipped below Node 24, which cannot write to its files)",
  () => {
    describeChanges("SQLite", sqlite.url, false);
    describeMaskedChanges("SQLite", sqlite.url, [
      "ALTER TABLE users RENAME COLUMN email TO e",
      "CREATE TABLE copy AS SELECT * FROM users",
    ]);
  },
);
describe("PGlite", { timeout: 90_000 }, () => {
  const fixture = pgliteFixture();
  describeChanges("PGlite", fixture.url, false);
});
describe.skipIf(!hasPostgres)(`PostgreSQL (${NO_POSTGRES})`, () => {
  const fixture = postgresFixture();
  describeChanges("PostgreSQL", () => fixture.url("postgres"), false);
  describeMaskedChanges("PostgreSQL", () => fixture.url("postgres"), [
    "ALTER TABLE users RENAME COLUMN email TO e",
    "ALTER TABLE users RENAME TO people",
    "CREATE TABLE copy AS SELECT * FROM users",
    "CREATE VIEW mails AS SELECT email AS e FROM users",
    "UPDATE users SET id = 0 RETURNING email || 'x'",
  ]);
});
describe.skipIf(!hasMaria)("MariaDB (skipped where 127.0.0.1:3306 has none)", () => {
  const fixture = mariaFixture();
  describeChanges("MariaDB", () => fixture.url(fixture.users.app, "app"), true);
  describeMaskedChanges("MariaDB", () => fixture.url(fixture.users.app, "app"), [
    "INSERT INTO orders (note) SELECT * FROM (SELECT email FROM users) x",
    "UPDATE orders JOIN users ON users.id = user_id SET note = concat(email, '')",
  ]);
  describeRollback(fixture);
});

describe("execute", () => {
  it("is not there unless writes are allowed", async () => {
    await expect(callTool(server, "execute", { sql: SQL })).rejects.toThrow("-32602");
  });

  it("refuses a connection that only reads", async () => {
    const env = { ALLOW_WRITES: "true" };
    expectToolError(await callTool(server, "execute", { sql: SQL }, { env }), "PERMISSION_DENIED");
  });
});
