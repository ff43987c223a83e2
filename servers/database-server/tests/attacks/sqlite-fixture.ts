import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import load from "@sqlite.org/sqlite-wasm";
import { afterAll, beforeAll } from "vitest";

const SQL = `
create table users(id integer primary key, email text not null unique, password_hash text);
create table orders(id integer primary key, user_id int references users(id), total numeric, note text);
with recursive g(i) as (select 1 union all select i + 1 from g where i < 1000)
  insert into users(email, password_hash) select 'u' || i || '@example.com', hex(i) from g;
with recursive g(i) as (select 1 union all select i + 1 from g where i < 20000)
  insert into orders(user_id, total, note) select i % 1000 + 1, i * 1.5, printf('%.100c', 'x') from g;`;

/** A file with these tables, written by SQLite as WebAssembly: it works on every Node. */
export async function writeSqliteFile(path: string, sql: string): Promise<void> {
  const sqlite = await load();
  const db = new sqlite.oo1.DB(":memory:");
  db.exec(sql);
  writeFileSync(path, sqlite.capi.sqlite3_js_db_export(db));
  db.close();
}

/** A file of its own after the fixture; removed at the end. */
export function sqliteFixture(sql = SQL) {
  const folder = mkdtempSync(join(tmpdir(), "database-server-"));
  const path = join(folder, "shop.db");
  beforeAll(() => writeSqliteFile(path, sql), 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path,
    url: () => `sqlite:${path}`,
    state: async () => {
      const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
      return JSON.stringify([hash, readdirSync(dirname(path))]);
    },
  };
}
