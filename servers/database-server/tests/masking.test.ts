import { beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { maskRules } from "../src/masking/rules.ts";
import { hasMaria, mariaFixture } from "./attacks/maria-fixture.ts";
import { pgliteFixture } from "./attacks/pglite-fixture.ts";
import { postgresFixture } from "./attacks/postgres-fixture.ts";
import { hasPostgres, NO_POSTGRES } from "./attacks/postgres-server.ts";
import { sqliteFixture } from "./attacks/sqlite-fixture.ts";
import { server } from "./support/built-server.ts";

const VIEWS = [
  "create view mails as select id, email as e from users",
  "create view deeper as select e as f from mails",
];
const SECRET = /u\d+@example/;

/** Each shows the column masked, and nothing of its values. */
const SHOWN = [
  "select * from users limit 3",
  "select id, email from users limit 3",
  "select u.email as anything from users u limit 3",
  "select count(*) from users",
  "select u.id, o.total from users u join orders o on o.user_id = u.id limit 3",
];

/** Each would tell a value, or something of it. */
const REFUSED = [
  "select upper(email) from users",
  "select email || 'x' from users",
  "select id from users where email like 'u1%'",
  "select id from users order by email",
  "select substr(x.email, 1, 3) from users x",
  "select upper(y) from (select email as y from users) x",
  "select y from (select upper(email) as y from users) x",
  "select count(*) from users group by email",
  "select max(email) from users",
  "with x as (select email as y from users) select upper(y) from x",
  "select id from users where exists (select 1 from users z where z.email = 'u1@example.com')",
  "select case when email = 'u1@example.com' then 1 else 0 end from users",
  "select a.id from users a join users b on a.email = b.email",
  // by another name
  "select y from (select email as y from users) x where y like 'u1%'",
  "select y, length(y) as n from (select email as y from users) x",
  "select * from (select * from users) x where email = 'u1@example.com'",
  "with x(a) as (select email from users) select a from x where a like 'u1%'",
  "select e from mails where e like 'u1%'",
  "select e, length(e) from mails",
  "select id from users natural join (select 'u1@example.com' as email) x",
  "select users.id from users join (select 'u1@example.com' as email) x using (email)",
  // by what rows there are, and in what order
  "select email from users intersect select 'u1@example.com'",
  "select email from users except select 'u1@example.com'",
  "select email from users union select 'u1@example.com'",
  "select distinct email from users",
  "select id, email as e from users order by e",
  "select id, email from users order by 2",
  "select id, email from users order by - -2",
  "select id, email from users order by -(-2) desc",
  "select id, email from users order by id, (2)",
  "select * from users order by - -2",
  "select email, count(*) from users group by -(-1)",
  "select * from users order by 2",
  "select email, count(*) from users group by 1",
  "select (select email from users where id = 1) as a",
];

/** Only the order of other columns. */
const ORDERED = [
  "select id, email from users order by 1",
  "select id, email from users order by (1) desc",
  "select id, email from users order by id desc",
  "select id, email from users order by -id, coalesce(id, 2) limit 1",
  "select u.id, u.email, o.total * 2 from users u join orders o on o.user_id = u.id where o.total > 1 order by o.total",
];

interface Target {
  name: string;
  url(): string;
  run?(sql: string): Promise<unknown>;
  objects?: readonly string[];
}

function describeMasking(
  { name, url, run, objects = [] }: Target,
  refused: readonly string[] = [],
): void {
  describe(`on ${name}`, () => {
    let instance: Awaited<ReturnType<typeof server.open>>;
    beforeAll(async () => {
      for (const sql of run ? [...VIEWS, ...objects] : []) await run?.(sql);
      const env = { DATABASE_URL: url(), MASK_COLUMNS: "users.email,*hash" };
      instance = await server.open({ env, log: silentLog });
      return () => instance.close();
    }, 60_000);
    const ask = async (tool: string, input: object) => {
      const context = { signal: new AbortController().signal, era: "modern" as const };
      const { result } = await instance.call(tool, input, context);
      return { failed: result !== undefined && "isError" in result, text: JSON.stringify(result) };
    };

    it.each([...SHOWN, ...ORDERED])("shows masked: %s", async (sql) => {
      const { failed, text } = await ask("query", { sql });
      expect(failed, text).toBe(false);
      expect(text).not.toMatch(SECRET);
      if (/email|\*/.test(sql) && !sql.includes("count")) expect(text).toContain("[masked]");
    });

    it.each([...REFUSED, ...refused])("refuses: %s", async (sql) => {
      const { failed, text } = await ask("query", { sql });
      expect(failed, text).toBe(true);
      expect(text).not.toMatch(SECRET);
      expect((await ask("explain", { sql })).text).not.toMatch(SECRET);
    });

    it.each([
      "select e from mails",
      "select email from users union all select 'a'",
      "select 'a' union all select email from users",
      "select upper(e) from mails",
      "select f from deeper",
    ])("tells nothing through views and unions: %s", async (sql) => {
      expect((await ask("query", { sql })).text).not.toMatch(SECRET);
    });

    it("masks samples, and profiles without their values", async () => {
      expect((await ask("sample", { table: "users" })).text).toContain("[masked]");
      expect((await ask("profile", { table: "users" })).text).not.toMatch(SECRET);
    });
  });
}

const sqlite = sqliteFixture(
  `create table users(id integer primary key, email text not null unique, password_hash text);
  create table orders(id integer primary key, user_id int, total numeric);
  insert into users values (1, 'u1@example.com', 'x'), (2, 'u2@example.com', 'y');
  insert into orders values (1, 1, 10); ${VIEWS.join(";")}`,
);
describeMasking({ name: "SQLite", url: sqlite.url }, [
  "select id, email as e from users where e like 'u1%'",
  "select id, email as e from users order by (2)",
  "select email isnull from users",
  "select id, email from users order by 0x2",
  "select id, email from users order by 0_2",
  "select id, email from users order by + +2 collate nocase",
  "select *, 1 as offset from users order by offset, - -2",
  'select *, 1 as "limit" from users order by "limit", - -2',
  // SQLite takes a string for a name where only a name can stand
  "select * from 'users' order by 2",
  "select distinct email from 'users'",
  "select id, users.'email' from users order by 2",
  "select users.id from users join (select 'u1@example.com' as 'email') x using ('email')",
]);

/** Ways to a whole row, and to what the planner learned of a column. */
const REFUSED_BY_POSTGRES = [
  "select u from users u",
  "select row_to_json(users) from users",
  "select (u).email from users u",
  "select x.b from users as x(a, b)",
  "select most_common_vals from pg_stats",
  "select u.* from users u join users w using (email)",
  "select u::text from users u",
  "select to_jsonb(u) -> 'email' from users u",
  "select u.row_to_json from users u",
  "select u.record_out from users u",
  "select mail_of(1)",
  "select * from rows from (mail_again(1)) x",
  "select id, email from heirs",
  "select id, email from parents",
  "select id, email from users order by 2 using >",
  "select count(*), email from users group by rollup (2)",
  "select count(*), email as e from users group by cube (e)",
  "select count(*), email from users group by grouping sets (((2)))",
  "select id, email from users group by (1, 2)",
];
const POSTGRES_OBJECTS = [
  "create function mail_of(i int) returns text language sql stable as 'select email from users where id = i'",
  "create function mail_again(i int) returns text language sql stable as 'select mail_of(i)'",
  "create table parents(id int, email text)",
  "alter table users inherit parents",
  "create table heirs() inherits (users)",
];

describe("PGlite", { timeout: 90_000 }, () => {
  const fixture = pgliteFixture();
  describeMasking({ name: "PGlite", ...fixture, objects: POSTGRES_OBJECTS }, REFUSED_BY_POSTGRES);
});

describe.skipIf(!hasPostgres)(`PostgreSQL (${NO_POSTGRES})`, () => {
  const fixture = postgresFixture();
  describeMasking(
    {
      name: "PostgreSQL",
      url: () => fixture.url("postgres"),
      run: fixture.run,
      objects: POSTGRES_OBJECTS,
    },
    REFUSED_BY_POSTGRES,
  );
});

describe.skipIf(!hasMaria)("MariaDB (skipped where 127.0.0.1:3306 has none)", () => {
  const fixture = mariaFixture();
  describeMasking(
    {
      name: "MariaDB",
      url: () => fixture.url(fixture.users.app, "app"),
      run: fixture.run,
      objects: [
        "create function mail_of(i int) returns text return (select email from users where id = i)",
        "create function mail_again(i int) returns text return mail_of(i)",
        "create table `of-hash`(2fa_hash varchar(200), password_hash int primary key)",
      ],
    },
    [
      "select id, email as e from users having e like 'u1%'",
      "select id, email as 'e' from users having e like 'u1%'",
      "select id, email as e from users order by e like 'u1%'",
      "select mail_of(1)",
      "select mail_again(1)",
      "select * from mysql.column_stats",
      "select id, email from users order by --2",
      "select unique 1, email from users",
      "select 1 as one, users.* from users order by `one`, - -2",
      "select count(*) from `of-hash` where 2fa_hash like 'x%'",
      "select count(*) from `of-hash` where _rowid = 1",
    ],
  );
});

describe("patterns", () => {
  it.each([
    ["email", "users", "Email", true],
    ["email", "users", "emails", false],
    ["users.email", "orders", "email", false],
    ["users.*", "users", "anything", true],
    ["*pass*", "t", "my_password", true],
    ["a*a", "t", "a", false],
    ["*a*b*c", "t", "xaxbxc", true],
    ["*a*b*c", "t", "xaxbx", false],
  ])("%s hides %s.%s: %s", (pattern, table, column, hidden) => {
    expect(maskRules([pattern])?.hides(table, column)).toBe(hidden);
  });
});
