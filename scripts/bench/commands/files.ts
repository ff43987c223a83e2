import { existsSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../lib/projects.ts";
import { inTempFolder } from "../../lib/temp-folder.ts";
import { makeFiles } from "../lib/file-tree.ts";
import { type FilesCase, filesCases } from "../lib/files-cases.ts";
import { type FilesServer, openServer, plainProgram, type Worker } from "../lib/files-run.ts";
import { interleave } from "../lib/interleave.ts";
import { commandLine, versionOf } from "../lib/machine.ts";
import { countOf, listOf, readOptions } from "../lib/options.ts";
import { installPeers, peerFault, peerFile, peerLabel } from "../lib/peer.ts";
import { figure, publish, type Skipped, say, type Table, times } from "../lib/report.ts";
import { median, ratio } from "../lib/stats.ts";
import { cleanEnvironment } from "../lib/stdio-session.ts";

/** Not by its name in an import: it is installed when this runs, and types are checked before. */
const RIPGREP: string = "@vscode/ripgrep";

/** Each order of three twice. */
const RUNS = 12;

export const usage = `Usage: pnpm bench files [options]

Measures what file-server does with files, over stdio, beside the official file server and beside
plain programs (find, rg, cat, head, tail, sed, their start included) on the same files in one run:
100,000 small ones, one of 2 GB and one of 20 MB. Memory is the greatest of a process that did this
alone.

  --runs <n>         calls of each (${RUNS})
  --only <words>     only the cases whose name holds one of these
  --node <path>      the Node to measure on (the one that runs this)
  --max-seconds <n>  begin no call of a case after this (60)
  --save             keep the figures in scripts/bench/saved`;

const PEER = "@modelcontextprotocol/server-filesystem";

interface Result {
  name: string;
  medians: Record<string, number>;
  peaks: Record<string, number | undefined>;
}

export async function files(argv: string[]): Promise<boolean> {
  const given = readOptions(argv, ["runs", "only"]);
  const limits = {
    rounds: countOf(given, "runs", RUNS, 1000),
    maxSeconds: countOf(given, "max-seconds", 60, 36_000),
  };
  const only = listOf(given, "only");
  const [node = process.execPath] = listOf(given, "node");
  await installPeers();
  await inTempFolder(async (folder) => {
    say("make    the files");
    makeFiles(folder);
    const { servers, skipped } = serversOn(folder, node);
    const rg: string | undefined = await import(RIPGREP).then(
      ({ rgPath }) => rgPath,
      () => undefined,
    );
    if (rg === undefined) skipped.push({ name: "rg", reason: "is not installed" });
    const results: Result[] = [];
    for (const one of filesCases(folder, rg)) {
      if (only.length > 0 && !only.some((word) => one.name.includes(word))) continue;
      say(`measure ${one.name}`);
      results.push(await measure(one, servers, limits, skipped));
    }
    publish(
      {
        name: "files",
        server: "file-server",
        command: commandLine("files", argv),
        nodes: [versionOf(node)],
        notes: [`Medians of ${limits.rounds} calls, interleaved, after one call to get ready`],
        skipped,
        tables: [tableOf(results, servers)],
        data: results,
      },
      given.save === true,
    );
  });
  return true;
}

function serversOn(folder: string, node: string): { servers: FilesServer[]; skipped: Skipped[] } {
  const entry = join(repositoryRoot, "servers/file-server/dist/stdio.cjs");
  const fault = peerFault(PEER, versionOf(node));
  const own = existsSync(entry) ? [ownServer(entry, folder, node)] : [];
  const peer = fault === undefined ? [peerServer(folder, node)] : [];
  return {
    servers: [...own, ...peer],
    skipped: [
      ...(own.length === 0
        ? [{ name: "file-server", reason: "is not built: run pnpm build" }]
        : []),
      ...(fault === undefined ? [] : [{ name: PEER, reason: fault }]),
    ],
  };
}

const ownServer = (entry: string, folder: string, node: string): FilesServer => ({
  name: "file-server",
  command: {
    node,
    args: [entry, folder],
    cwd: folder,
    env: cleanEnvironment({ ALLOW_WRITE: "true", UNDO_KEEP: "1" }),
  },
  call: ({ ours }) => ours,
});

const peerServer = (folder: string, node: string): FilesServer => ({
  name: peerLabel(PEER),
  command: { node, args: [peerFile(PEER, "dist/index.js"), folder], cwd: folder },
  call: ({ peer }) => peer,
});

async function measure(
  one: FilesCase,
  servers: readonly FilesServer[],
  limits: { rounds: number; maxSeconds: number },
  skipped: Skipped[],
): Promise<Result> {
  const opened = await Promise.all(servers.map((server) => openServer(server, one)));
  const workers: Worker[] = opened.filter((worker) => worker !== undefined);
  if (one.limit) workers.push(plainProgram(one.limit, one));
  // whoever comes next finds what the one before left: each changes the mark that is there
  let run = 0;
  for (const worker of workers) await worker.run(run++).catch(() => {}); // it will fail again
  const { samples, ...rest } = await interleave(workers, { ...limits, tell: () => {} }, (worker) =>
    worker.run(run++),
  );
  skipped.push(
    ...rest.skipped.map(({ name, reason }) => ({ name: `${name}, ${one.name}`, reason })),
  );
  const peaks = Object.fromEntries(workers.map((worker) => [worker.name, worker.peakMb()]));
  await Promise.all(workers.map((worker) => worker.end()));
  const medians = Object.fromEntries([...samples].map(([name, all]) => [name, median(all)]));
  return { name: one.name, medians, peaks };
}

function tableOf(results: readonly Result[], servers: readonly FilesServer[]): Table {
  const names = servers.map(({ name }) => name);
  const [own = "", peer = ""] = names;
  const over = ({ medians }: Result, than: string) =>
    times(ratio(medians[own] ?? Number.NaN, medians[than] ?? Number.NaN));
  return {
    title: "Files",
    head: [
      "what",
      ...names.map((name) => `${name}, ms`),
      "plain program, ms",
      "ours, x peer",
      "ours, x plain",
      ...names.map((name) => `${name}, peak MiB`),
    ],
    rows: results.map((one) => [
      one.name,
      ...[...names, "plain"].map((name) => figure(one.medians[name])),
      over(one, peer),
      over(one, "plain"),
      ...names.map((name) => figure(one.peaks[name])),
    ]),
  };
}
