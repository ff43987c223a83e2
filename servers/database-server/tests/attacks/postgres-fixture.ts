import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";

const HOST = "127.0.0.1";
const FIXTURE = readFileSync(new URL("../fixtures/pgfix.sql", import.meta.url), "utf8");

async function withClient<T>(
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host: HOST,
    user: "postgres",
    password: "",
    database,
    connectionTimeoutMillis: 2_000,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether a PostgreSQL that trusts this machine is there. */
export const hasPostgres = await withClient("postgres", (client) => client.query("select 1")).then(
  () => true,
  () => false,
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
  const mark = randomBytes(4).toString("hex");
  const database = `shop_${mark}`;
  const roles = { app: `app_${mark}`, ro: `mcp_ro_${mark}` };
  const sql = FIXTURE.replaceAll(/\bshop\b/g, database)
    .replaceAll(/\bapp\b/g, roles.app)
    .replaceAll(/\bmcp_ro\b/g, roles.ro);
  const [create = "", fill = ""] = sql.split(`\\c ${database}`);

  beforeAll(async () => {
    await withClient("postgres", async (client) => {
      for (const statement of create.split(";").filter((each) => each.trim() !== ""))
        await client.query(statement);
    });
    await withClient(database, (client) => client.query(fill));
  }, 60_000);
  afterAll(async () => {
    await withClient("postgres", async (client) => {
      await client.query(`drop database if exists ${database} with (force)`);
      for (const role of Object.values(roles)) await client.query(`drop role if exists ${role}`);
    });
  }, 60_000);

  return {
    database,
    roles,
    url: (user: string) => `postgres://${user}@${HOST}/${database}`,
    run: (text: string) => withClient(database, (client) => client.query(text)),
    state: () =>
      withClient(database, async (client) => JSON.stringify((await client.query(STATE)).rows)),
  };
}
