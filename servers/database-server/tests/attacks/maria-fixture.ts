import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import mysql from "mysql2/promise";
import { afterAll, beforeAll } from "vitest";

const HOST = "127.0.0.1";
const FIXTURE = readFileSync(new URL("../fixtures/maria.sql", import.meta.url), "utf8");

async function withConnection<T>(
  database: string | undefined,
  work: (connection: mysql.Connection) => Promise<T>,
): Promise<T> {
  const connection = await mysql.createConnection({
    host: HOST,
    user: "root",
    password: "",
    connectTimeout: 20_000,
    ...(database !== undefined && { database }),
  });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

/** Whether a MariaDB that lets root in is there. */
export const hasMaria = await withConnection(undefined, (connection) =>
  connection.query("select 1"),
).then(
  () => true,
  () => false,
);

const STATE = [
  "select count(*) from users",
  "select count(*) from orders",
  "select table_name, table_type from information_schema.tables where table_schema = database() order by 1",
  "select index_name, table_name from information_schema.statistics where table_schema = database() order by 1, 2",
  "select user, host from mysql.user where user like 'pwn%'",
];

/** The statements of a script for the mysql client, which knows another delimiter for a while. */
function statements(script: string): string[] {
  const [before = "", inside = "", after = ""] = script.split(/delimiter (?:\/\/|;)\n/);
  return [...before.split(/;\s/), ...inside.split("//\n"), ...after.split(/;\s/)]
    .map((each) => each.trim().replace(/;$/, ""))
    .filter((each) => each !== "");
}

/** A database of its own after the fixture, with users of its own; removed at the end. */
export function mariaFixture() {
  const mark = randomBytes(4).toString("hex");
  const database = `shop_${mark}`;
  const users = { app: `app_${mark}`, ro: `mcp_ro_${mark}`, file: `fileu_${mark}` };
  const script = FIXTURE.replaceAll(/\bshop\b/g, database)
    .replaceAll(/\bapp@/g, `${users.app}@`)
    .replaceAll(/\bmcp_ro@/g, `${users.ro}@`)
    .replaceAll(/\bfileu@/g, `${users.file}@`);

  beforeAll(async () => {
    await withConnection(undefined, async (connection) => {
      for (const statement of statements(script)) await connection.query(statement);
    });
  }, 60_000);
  afterAll(async () => {
    await withConnection(undefined, async (connection) => {
      await connection.query(`drop database if exists ${database}`);
      for (const user of Object.values(users))
        await connection.query(`drop user if exists ${user}@'%'`);
    });
  }, 60_000);

  return {
    database,
    users,
    url: (user: string, password: string) => `mariadb://${user}:${password}@${HOST}/${database}`,
    run: (text: string) => withConnection(database, (connection) => connection.query(text)),
    state: () =>
      withConnection(database, async (connection) => {
        const found: unknown[] = [];
        for (const statement of STATE) found.push((await connection.query(statement))[0]);
        return JSON.stringify(found);
      }),
  };
}
