import { createRequire } from "node:module";
import { join } from "node:path";
import { repositoryRoot } from "../../lib/projects.ts";

/** What is used of the driver `pg`, which database-server has. */
export interface Client {
  connect(): Promise<void>;
  query(text: string): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}

interface Driver {
  Client: new (options: { connectionString: string }) => Client;
}

export const driver = (): Driver =>
  createRequire(join(repositoryRoot, "servers/database-server/package.json"))("pg");

export const TABLES = 5_000;
export const FEW_ROWS = 200;
/** Of about 1,000 bytes each: 100 MB. */
export const MANY_ROWS = 100_000;
const NAME = `flotilla_bench_${process.pid}`;
/** Tables of one statement: each holds locks until the statement ends. */
const TABLES_AT_ONCE = 500;

const ROWS = [
  `create table few(id int primary key, name text not null, total numeric(10,2), at timestamptz)`,
  `insert into few select g, 'name ' || g, g * 1.5, '2026-01-01'::timestamptz + g * interval '1 hour'
     from generate_series(1, ${FEW_ROWS}) g`,
  "create table many(id int primary key, note text not null)",
  `insert into many select g, repeat(md5(g::text), 31) from generate_series(1, ${MANY_ROWS}) g`,
];

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new (driver().Client)({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

const inDatabase = (url: string, name: string): string =>
  Object.assign(new URL(url), { pathname: `/${name}` }).href;

/** Makes a database with 5,000 tables and 100 MB of rows on the server of this URL; its own URL. */
export async function makeDatabase(url: string): Promise<string> {
  const own = inDatabase(url, NAME);
  await withClient(url, async (client) => void (await client.query(`create database ${NAME}`)));
  await withClient(own, async (client) => {
    for (const statement of ROWS) await client.query(statement);
    for (let at = 0; at < TABLES; at += TABLES_AT_ONCE)
      await client.query(`do $$ begin for n in ${at + 1}..${at + TABLES_AT_ONCE} loop
        execute format('create table %I (id int primary key, customer_id int not null, note text)',
          'table_' || lpad(n::text, 4, '0')); end loop; end $$`);
    await client.query("vacuum analyze");
  });
  return own;
}

export const dropDatabase = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(`drop database if exists ${NAME} with (force)`);
  });
