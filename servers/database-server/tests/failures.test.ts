import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallToolResult } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { hasMaria, mariaFixture } from "./attacks/maria-fixture.ts";
import { postgresFixture } from "./attacks/postgres-fixture.ts";
import { hasPostgres, NO_POSTGRES } from "./attacks/postgres-server.ts";
import { expectToolError } from "./shared/testing/call.ts";
import { server } from "./support/built-server.ts";

const PASSWORD = "correct-horse-battery";

async function open(env: Record<string, string>) {
  const instance = await server.open({ env, log: silentLog });
  const query = async (sql: string, signal = new AbortController().signal) => {
    const { result } = await instance.call("query", { sql }, { signal, era: "modern" });
    return result as CallToolResult;
  };
  return { query, close: () => instance.close() };
}

/** A way to a server that can be cut and opened again. */
async function relay(port: number) {
  const sockets = new Set<Socket>();
  let listener: Server | undefined;
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  };
  const listen = async (at: number) => {
    listener = createServer((near) => {
      const far = createConnection(port, "127.0.0.1");
      track(near);
      track(far);
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => listener?.listen(at, "127.0.0.1", resolve));
    return (listener.address() as AddressInfo).port;
  };
  const here = await listen(0);
  const cut = () => {
    listener?.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: here, cut, restore: () => listen(here) };
}

interface Target {
  engine: string;
  scheme: string;
  port: number;
  fixture: { database: string; run(sql: string): Promise<unknown> };
  user(): string;
  password: string;
  slow: string;
  /** Counts the slow statements that run. */
  running: string;
}

function describeFailures(target: Target): void {
  const { engine, scheme, port, fixture, slow, running } = target;
  const url = (at = port, password = target.password) =>
    `${scheme}://${target.user()}:${password}@127.0.0.1:${at}/${fixture.database}`;
  const isRunning = async () =>
    JSON.stringify(await fixture.run(running)).match(/flotilla_(slow|page)/) !== null;
  const begun = () => expect.poll(isRunning).toBe(true);

  describe(`when ${engine}`, () => {
    it("is not there, says so by the connection's name, without the password", async () => {
      const { query, close } = await open({ DATABASE_URL_SALES: url(1, PASSWORD) });
      const { message } = expectToolError(await query("SELECT 1"), "UNAVAILABLE");
      expect(message).toMatch(/^sales: /);
      expect(message).not.toContain(PASSWORD);
      await close();
    });

    it("goes away in the middle of a query, fails that call and answers when it is back", async () => {
      const way = await relay(port);
      const { query, close } = await open({ DATABASE_URL: url(way.port) });
      expect((await query("SELECT 1")).isError).toBeUndefined();
      const call = query(slow);
      await begun();
      way.cut();
      const { message } = expectToolError(await call, "UNAVAILABLE");
      expect(message).toContain("main: ");
      expectToolError(await query("SELECT 1"), "UNAVAILABLE");
      await way.restore();
      expect((await query("SELECT 1")).isError).toBeUndefined();
      way.cut();
      await close();
    });

    it("has all its connections busy, says so and answers when one is free", async () => {
      const { query, close } = await open({
        DATABASE_URL: `${url()}?max_connections=1&timeout_ms=7000`,
      });
      const call = query(slow);
      await begun();
      const { message } = expectToolError(await query("SELECT 1"), "UNAVAILABLE");
      expect(message).toContain("all 1 connections were busy");
      expectToolError(await call, "TIMEOUT");
      expect((await query("SELECT 1")).isError).toBeUndefined();
      await close();
    });

    it("is told that a caller left, and ends what ran for it", async () => {
      const { query, close } = await open({ DATABASE_URL: url() });
      const leaving = new AbortController();
      const call = query(slow, leaving.signal);
      await begun();
      leaving.abort(new DOMException("The client left", "AbortError"));
      expectToolError(await call, "CANCELLED");
      await expect.poll(isRunning).toBe(false);
      expect((await query("SELECT 1")).isError).toBeUndefined();
      await close();
    });

    it("takes no encryption, or shows a certificate that is not trusted", async () => {
      const { query, close } = await open({ DATABASE_URL: `${url()}?sslmode=verify-full` });
      const { message } = expectToolError(await query("SELECT 1"), "UNAVAILABLE");
      expect(message).toMatch(/^main: .*(SSL|certificate|secure)/i);
      await close();
    });
  });
}

describe.skipIf(!hasPostgres)(`PostgreSQL (${NO_POSTGRES})`, () => {
  const fixture = postgresFixture();
  describeFailures({
    engine: "PostgreSQL",
    scheme: "postgres",
    port: fixture.port,
    fixture,
    user: () => "postgres",
    password: "x",
    slow: "SELECT count(*) AS flotilla_slow FROM generate_series(1, 100000000000)",
    running: `select count(*) || ' ' || string_agg(query, '') as q from pg_stat_activity
      where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
  });
});

describe.skipIf(!hasMaria)("MariaDB (skipped where 127.0.0.1:3306 has none)", () => {
  const fixture = mariaFixture();
  const slow =
    "SELECT count(*) AS flotilla_slow FROM seq_1_to_2000000 a, seq_1_to_200000 b WHERE a.seq * b.seq = 7";
  describeFailures({
    engine: "MariaDB",
    scheme: "mariadb",
    port: 3306,
    fixture,
    user: () => fixture.users.app,
    password: "app",
    slow,
    running:
      "select info from information_schema.processlist where command <> 'Sleep' and id <> connection_id()",
  });

  it("was cut off while nobody used it, and nobody notices", async () => {
    const way = await relay(3306);
    const { port: at } = way;
    const url = `mariadb://${fixture.users.app}:app@127.0.0.1:${at}/${fixture.database}`;
    const { query, close } = await open({ DATABASE_URL: url });
    await Promise.all([query("SELECT 1"), query("SELECT 2"), query("SELECT 3")]);
    way.cut();
    await way.restore();
    expect((await query("SELECT 1")).isError).toBeUndefined();
    way.cut();
    await close();
  });

  it("refuses a wrong password without showing it, and works when it is right", async () => {
    const url = fixture.url(fixture.users.ro, PASSWORD);
    const { query, close } = await open({ DATABASE_URL: url });
    const { message } = expectToolError(await query("SELECT 1"), "PERMISSION_DENIED");
    expect(message).toMatch(/^main: Access denied.*Check the user/);
    expect(message).not.toContain(PASSWORD);
    await fixture.run(`set password for ${fixture.users.ro}@'%' = password('${PASSWORD}')`);
    expect((await query("SELECT 1")).isError).toBeUndefined();
    await close();
  });
});

describe("a SQLite file", () => {
  let folder: string;
  beforeAll(async () => {
    const { mkdtemp } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    folder = await mkdtemp(`${tmpdir()}/database-server-`);
  });
  afterAll(async () => {
    const { rm } = await import("node:fs/promises");
    await rm(folder, { recursive: true, force: true });
  });

  it("that is not there is named, is not made, and is found when it is there", async () => {
    const { writeSqliteFile } = await import("./attacks/sqlite-fixture.ts");
    const path = `${folder}/shop.db`;
    const { query, close } = await open({ DATABASE_URL: `sqlite:${path}` });
    const { message } = expectToolError(await query("SELECT 1"), "NOT_FOUND");
    expect(message).toContain("main: ");
    await writeSqliteFile(path, "create table t(a); insert into t values (1)");
    expect((await query("SELECT a FROM t")).structuredContent).toMatchObject({ rows: [[1]] });
    await close();
  });

  it("that is no database is refused", async () => {
    const { writeFile } = await import("node:fs/promises");
    await writeFile(
      `${folder}/text.db`,
      "not a database, but long enough to be read as one".repeat(50),
    );
    const { query, close } = await open({ DATABASE_URL: `sqlite:${folder}/text.db` });
    expect((await query("SELECT * FROM t")).isError).toBe(true);
    await close();
  });
});

describe("a URL", () => {
  it.each([
    ["postgres://u:secret-password@h/d?readonly=true", 'no option "readonly"'],
    ["postgres://u:secret-password@h/d?mode=rw", "mode is one of read, write"],
    ["mysql://u:secret-password@h/d?multipleStatements=true", 'no option "multipleStatements"'],
    ["sqlite:/x.db?sslmode=require", 'no option "sslmode"'],
    ["postgres://u:secret-password@h/d?timeout_ms=99", "timeout_ms is a whole number from 100"],
    ["postgres://u:secret-password@h/d?mode=read&mode=write", "mode stands twice"],
    ["oracle://u:secret-password@h/d", "begins with postgres"],
    ["postgres://u:secret%zzpassword@h/d", "%"],
  ])("%s stops the start and says why", async (url, why) => {
    const started = server.open({ env: { DATABASE_URL_A: url }, log: silentLog });
    await expect(started).rejects.toThrow(why);
    await expect(started).rejects.not.toThrow("secret");
  });
});
