import { inTempFolder } from "../../lib/temp-folder.ts";
import { interleave } from "../lib/interleave.ts";
import { commandLine, versionOf } from "../lib/machine.ts";
import { type Era, revisions } from "../lib/messages.ts";
import { countOf, erasOf, listOf, readOptions } from "../lib/options.ts";
import { installPeers } from "../lib/peer.ts";
import { publish, type Skipped, say, type Table } from "../lib/report.ts";
import { serversNamed } from "../lib/servers.ts";
import { measureFloor, measureStart, type StartSample } from "../lib/start-sample.ts";
import { startTable, summarize } from "../lib/start-table.ts";
import { firstStarts, ioFloor, ownStdio, peerStdio, type StdioTarget } from "../targets/stdio.ts";

export const usage = `Usage: pnpm bench start [options]

Measures starts over stdio: from the spawn to the answer of tools/list, and to the answer of the
first tools/call, with CPU time and peak memory, for every built server, for what \`node -e 0\` and
a program that only reads and writes a line cost, and for other servers from npm. The gateway lists
what its start before listed; another line says what a start costs that has nothing to remember.

  --servers <a,b>      only these of ours (all that are built)
  --runs <n>           starts of each (15)
  --node <path>        a Node to measure on; may be given more than once (the one that runs this)
  --era <era>          legacy (2025-11-25), modern (2026-07-28, ours only) or both (legacy)
  --no-peers           without the servers from npm
  --max-seconds <n>    begin no round after this (900)
  --save               keep the figures in scripts/bench/saved`;

const FLOOR = "node -e 0";

interface Measured {
  table: Table;
  data: unknown;
  skipped: Skipped[];
}

export async function start(argv: string[]): Promise<boolean> {
  const withPeers = !argv.includes("--no-peers");
  const rest = argv.filter((one) => one !== "--no-peers");
  const given = readOptions(rest, ["servers", "runs", "era"]);
  const names = serversNamed(listOf(given, "servers"));
  const limits = {
    rounds: countOf(given, "runs", 15, 1000),
    maxSeconds: countOf(given, "max-seconds", 900, 36_000),
  };
  const nodes = listOf(given, "node", [process.execPath]);
  const eras = erasOf(given, "legacy");
  if (withPeers) await installPeers();
  await inTempFolder(async (scratch) => {
    const measured: Measured[] = [];
    for (const node of nodes)
      for (const era of eras)
        measured.push(await measure({ node, era, names, withPeers, scratch, limits }));
    publish(
      {
        name: "start",
        command: commandLine("start", argv),
        nodes: nodes.map(versionOf),
        notes: [
          "Medians, interleaved; wall and CPU from the spawn, `node -e 0` to its exit (its CPU to its last statement)",
          "The gateway answers with the list of its start before; where it remembers nothing stands beneath it",
        ],
        skipped: measured.flatMap((one) => one.skipped),
        tables: measured.map((one) => one.table),
        data: measured.map((one) => one.data),
      },
      given.save === true,
    );
  });
  return true;
}

interface Settings {
  node: string;
  era: Era;
  names: string[];
  withPeers: boolean;
  scratch: string;
  limits: { rounds: number; maxSeconds: number };
}

async function measure(settings: Settings): Promise<Measured> {
  const { node, era, scratch, limits } = settings;
  const version = versionOf(node);
  const own = ownStdio(settings.names, scratch);
  // other servers are measured as they serve the clients there are: by the handshake of 2025
  const peers =
    settings.withPeers && era === "2025"
      ? peerStdio(version, scratch)
      : { targets: [], skipped: [] };
  const subjects: (Pick<StdioTarget, "name"> & { target?: StdioTarget })[] = [
    { name: FLOOR },
    ...[ioFloor(scratch), ...own.targets, ...firstStarts(own.targets), ...peers.targets].map(
      (target) => ({
        name: target.name,
        target,
      }),
    ),
  ];
  const once = ({ target }: { target?: StdioTarget }): Promise<StartSample> =>
    target ? measureStart({ node, ...target.command }, era, target.choose) : measureFloor(node);
  say(`start   ${subjects.length} programs, Node ${version}, ${era}`);
  const { samples, skipped, rounds } = await interleave(subjects, limits, once);
  const summaries = summarize(samples, FLOOR);
  return {
    table: {
      title: `Node ${version}, client of ${revisions[era]}, ${rounds} runs each`,
      ...startTable(summaries),
    },
    data: { node: version, era, rounds, summaries, samples: Object.fromEntries(samples) },
    skipped: [...own.skipped, ...peers.skipped, ...skipped].map((one) => ({
      ...one,
      name: `${one.name} (Node ${version})`,
    })),
  };
}
