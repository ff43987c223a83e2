import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { HOST, postgresServer, withClient } from "./postgres-server.ts";

/** Some extensions are not everywhere, or no more; the cases that need one hold without it, too. */
const FIXTURE = readFileSync(new URL("../fixtures/pgfix.sql", import.meta.url), "utf8").replaceAll(
  /create extension[^;]*;/g,
  (create) => `do $$ begin ${create} exception when others then null; end $$;`,
);

/** What a statement could have changed: rows, tables, sequences, roles, slots, large objects, locks. */
const STATE = `select json_build_object(
  'users', (select count(*) from users), 'orders', (select count(*) from orders),
  'sequence', (select last_value::text || is_called from s1),
  'relations', (select json_agg(relname || relkind::text order by relname) from pg_class c
    join pg_namespace n on n.oid = relnamespace where nspname not like 'pg\\_%'),
  'extensions', (select json_agg(extname order by extname) from pg_extension),
  'roles', (select json_agg(rolname order by rolname) from pg_roles where rolname ~ 'pwn'),
  'slots', (select count(*) from pg_replication_slots where slot_name ~ 'pwn'),
  'large', (select count(*) from pg_largeobject_metadata),
  'acl', (select json_agg(relacl::text order by relname) from pg_class where relname in ('users','orders')),
  'advisory', (select count(*) from pg_locks l join pg_database d on d.oid = l.database
    where locktype = 'advisory' and datname = current_database())) as state`;

/** A database of its own after the fixture, with roles of its own; removed at the end. */
export function postgresFixture() {
  const server = postgresServer ?? { port: 0, password: "" };
  const mark = randomBytes(4).toString("hex");
  const database = `shop_${mark}`;
  const roles = { app: `app_${mark}`, ro: `mcp_ro_${mark}` };
  const sql = FIXTURE.replaceAll(/\bshop\b/g, database)
    .replaceAll(/\bapp\b/g, roles.app)
    .replaceAll(/\bmcp_ro\b/g, roles.ro);
  const [create = "", fill = ""] = sql.split(`\\c ${database}`);

  beforeAll(async () => {
    await withClient(server, "postgres", async (client) => {
      for (const statement of create.split(";").filter((each) => each.trim() !== ""))
        await client.query(statement);
    });
    await withClient(server, database, (client) => client.query(fill));
  }, 60_000);
  afterAll(async () => {
    await withClient(server, "postgres", async (client) => {
      await client.query(`drop database if exists ${database} with (force)`);
      for (const role of Object.values(roles)) await client.query(`drop role if exists ${role}`);
    });
  }, 60_000);

  return {
    database,
    roles,
    port: server.port,
    url: (user: string) => `postgres://${user}@${HOST}:${server.port}/${database}`,
    run: (text: string) => withClient(server, database, (client) => client.query(text)),
    state: () =>
      withClient(server, database, async (client) =>
        JSON.stringify((await client.query(STATE)).rows),
      ),
  };
}
