import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import mysql from "mysql2/promise";
import { freePort, HOST } from "./postgres-server.ts";

const PROGRAM = "mariadbd";
const START_MS = 20_000;
const ASK_MS = 100;

export interface OwnMaria {
  port: number;
  database: string;
  stop(): Promise<void>;
}

const DATABASE = "shop";

/** A MariaDB of this test alone, with a certificate, that lets everybody in; undefined where there is no program. */
export async function startMaria(certificate: string, key: string): Promise<OwnMaria | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "database-server-"));
  const port = await freePort();
  const child = spawn(
    PROGRAM,
    [
      "--no-defaults",
      `--datadir=${folder}`,
      `--socket=${join(folder, "socket")}`,
      `--port=${port}`,
      `--bind-address=${HOST}`,
      `--user=${userInfo().username}`,
      // without its own tables it knows no users
      "--skip-grant-tables",
      `--ssl-cert=${certificate}`,
      `--ssl-key=${key}`,
    ],
    { stdio: "ignore", env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } },
  );
  const ended = once(child, "exit").catch(() => {});
  child.on("error", () => {}); // there is no such program
  const stop = async () => {
    child.kill("SIGKILL");
    if (child.pid !== undefined) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const until = Date.now() + START_MS;
  while (child.pid !== undefined && child.exitCode === null && Date.now() < until) {
    if (await makeDatabase(port)) return { port, database: DATABASE, stop };
    await sleep(ASK_MS);
  }
  await stop();
  return undefined;
}

/** Whether it answers already. */
const makeDatabase = (port: number): Promise<boolean> =>
  mysql.createConnection({ host: HOST, port, user: "root" }).then(
    async (connection) => {
      await connection.query(`create database if not exists ${DATABASE}`);
      await connection.end();
      return true;
    },
    () => false,
  );
