import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "../../lib/projects.ts";
import { inTempFolder } from "../../lib/temp-folder.ts";
import { type DatabaseCase, databaseCases } from "../lib/database-cases.ts";
import { dropDatabase, makeDatabase } from "../lib/database-fixture.ts";
import { type Asked, askDriver, askServer, dbhub, ours } from "../lib/database-run.ts";
import { interleave } from "../lib/interleave.ts";
import { commandLine, versionOf } from "../lib/machine.ts";
import { countOf, listOf, readOptions } from "../lib/options.ts";
import { installPeers, peerFault, peerFile, peerLabel } from "../lib/peer.ts";
import { figure, publish, type Skipped, say, type Table, times } from "../lib/report.ts";
import { median, ratio } from "../lib/stats.ts";
import { cleanEnvironment } from "../lib/stdio-session.ts";

export const usage = `Usage: pnpm bench database [options]

Measures what database-server does with PostgreSQL, over stdio, beside dbhub and beside the driver
alone (pg in a transaction, in the process that measures): queries of few rows and of 100 MB page by
page, many at once, and searching a schema of 5,000 tables. It makes a database and drops it.

  --url <url>        a server and a user that may make databases (postgres://postgres@127.0.0.1:5432/postgres)
  --runs <n>         samples of each case (5)
  --only <words>     only the cases whose name holds one of these
  --node <path>      the Node to measure on (the one that runs this); dbhub wants 22.5 or later
  --max-seconds <n>  begin no sample of a case after this (60)
  --save             keep the figures in scripts/bench/saved`;

const PEER = "@bytebase/dbhub";

interface Result {
  name: string;
  /** Milliseconds, by who was asked. */
  medians: Record<string, number>;
  /** MiB after the case was done once to get ready, after the last time, and at most. */
  memory: Record<string, { before: number; after: number; peak: number }>;
}

export async function database(argv: string[]): Promise<boolean> {
  const given = readOptions(argv, ["runs", "only", "url"]);
  const limits = {
    rounds: countOf(given, "runs", 5, 1000),
    maxSeconds: countOf(given, "max-seconds", 60, 36_000),
  };
  const [url = "postgres://postgres@127.0.0.1:5432/postgres"] = listOf(given, "url");
  const only = listOf(given, "only");
  const [node = process.execPath] = listOf(given, "node");
  await installPeers();
  await inTempFolder(async (folder) => {
    try {
      say("make    the database");
      const own = await makeDatabase(url);
      const { open, skipped } = await subjectsOn(own, folder, node);
      const results: Result[] = [];
      for (const one of databaseCases) {
        if (only.length > 0 && !only.some((word) => one.name.includes(word))) continue;
        say(`measure ${one.name}`);
        results.push(await measure(one, open, limits, skipped));
      }
      publish(
        {
          name: "database",
          command: commandLine("database", argv),
          nodes: [versionOf(node)],
          notes: [
            `Medians of at most ${limits.rounds} samples, interleaved, after one to get ready; milliseconds. Memory: of the server's process, after that one, after the last, and at most`,
            "Pages have 250 rows of 1,000 bytes; database-server turns them by its cursor, dbhub by LIMIT and OFFSET of its caller, the driver by one cursor that stays open",
          ],
          skipped,
          tables: [timesTable(results), memoryTable(results)],
          data: results,
        },
        given.save === true,
      );
    } finally {
      await dropDatabase(url).catch(() => {});
    }
  });
  return true;
}

type Open = () => Promise<Asked>;

async function subjectsOn(
  url: string,
  folder: string,
  node: string,
): Promise<{ open: Open[]; skipped: Skipped[] }> {
  const entry = join(repositoryRoot, "servers/database-server/dist/stdio.cjs");
  const config = join(folder, "dbhub.toml");
  await writeFile(config, dbhubConfig(url));
  const env = (more: NodeJS.ProcessEnv) => cleanEnvironment({ LOG_LEVEL: "silent", ...more });
  const own = { node, args: [entry], cwd: folder, env: env({ DATABASE_URL: url }) };
  const args = [peerFile(PEER, "dist/index.js"), "--transport", "stdio", "--config", config];
  const peer = { node, args, cwd: folder, env: env({}) };
  const fault = peerFault(PEER, versionOf(node));
  const isBuilt = existsSync(entry);
  return {
    open: [
      ...(isBuilt ? [() => askServer("database-server", own, ours)] : []),
      ...(fault === undefined ? [() => askServer(peerLabel(PEER), peer, dbhub)] : []),
      () => askDriver(url),
    ],
    skipped: [
      ...(isBuilt ? [] : [{ name: "database-server", reason: "is not built: run pnpm build" }]),
      ...(fault === undefined ? [] : [{ name: PEER, reason: fault }]),
    ],
  };
}

/** Reading only, as database-server is. */
const dbhubConfig = (url: string) => `[[sources]]
id = "default"
dsn = "${url}?sslmode=disable"
[[tools]]
name = "execute_sql"
source = "default"
readonly = true
[[tools]]
name = "search_objects"
source = "default"
`;

/** Each in a process for this case alone, so that its greatest memory is the case's. */
async function measure(
  one: DatabaseCase,
  open: readonly Open[],
  limits: { rounds: number; maxSeconds: number },
  skipped: Skipped[],
): Promise<Result> {
  const asked = await Promise.all(open.map((subject) => subject()));
  for (const each of asked) await each.run({ ...one, times: 1 }).catch(() => {}); // it will fail again
  const before = asked.map((each) => each.memory()?.rssMb ?? Number.NaN);
  const { samples, ...rest } = await interleave(asked, { ...limits, tell: () => {} }, (each) =>
    each.run(one),
  );
  skipped.push(
    ...rest.skipped.map(({ name, reason }) => ({ name: `${name}, ${one.name}`, reason })),
  );
  const memory = Object.fromEntries(
    asked.map((each, at) => {
      const { rssMb: after = Number.NaN, peakMb: peak = Number.NaN } = each.memory() ?? {};
      return [each.name, { before: before[at] ?? Number.NaN, after, peak }];
    }),
  );
  await Promise.all(asked.map((each) => each.end()));
  const medians = Object.fromEntries([...samples].map(([name, all]) => [name, median(all)]));
  return { name: one.name, medians, memory };
}

const namesIn = (results: readonly Result[]) => Object.keys(results[0]?.memory ?? {});

function timesTable(results: readonly Result[]): Table {
  const names = namesIn(results);
  const [own = "", peer = ""] = names;
  const bare = names.at(-1) ?? "";
  return {
    title: "Times",
    head: ["what", ...names.map((name) => `${name}, ms`), `ours, x ${peer}`, "ours, ms over pg"],
    rows: results.map(({ name, medians: ms }) => [
      name,
      ...names.map((each) => figure(ms[each])),
      times(ratio(ms[own] ?? Number.NaN, ms[peer] ?? Number.NaN)),
      figure((ms[own] ?? Number.NaN) - (ms[bare] ?? Number.NaN)),
    ]),
  };
}

function memoryTable(results: readonly Result[]): Table {
  const names = namesIn(results).slice(0, -1);
  const parts = ["before", "after", "peak"] as const;
  return {
    title: "Memory",
    head: ["what", ...names.flatMap((name) => parts.map((part) => `${name} ${part}, MiB`))],
    rows: results.map(({ name, memory }) => [
      name,
      ...names.flatMap((each) => parts.map((part) => figure(memory[each]?.[part]))),
    ]),
  };
}
