import { inTempFolder } from "../../lib/temp-folder.ts";
import { interleave } from "../lib/interleave.ts";
import { type ListSample, measureList } from "../lib/list-sample.ts";
import { listTable, summarizeLists } from "../lib/list-table.ts";
import { commandLine, versionOf } from "../lib/machine.ts";
import { countOf, listOf, readOptions } from "../lib/options.ts";
import { publish } from "../lib/report.ts";
import { measureFloor } from "../lib/start-sample.ts";
import { type ListTarget, makeTargets } from "../targets/make.ts";

export const usage = `Usage: pnpm bench make [options]

Measures what the two built servers for Make cost a client that opens them, each alone and both behind
the gateway as one server (pnpm start --legacy), over stdio: from the spawn to the answer of tools/list
beside \`node -e 0\`, memory then and when all serve, and how many tools and bytes the list has, with
the toolsets that are on by default and with all.

  --runs <n>         starts of each (15)
  --node <path>      the Node to measure on (the one that runs this)
  --max-seconds <n>  begin no round after this (300)
  --save             keep the figures in scripts/bench/saved`;

const FLOOR = "node -e 0";

export async function make(argv: string[]): Promise<boolean> {
  const given = readOptions(argv, ["runs"]);
  const limits = {
    rounds: countOf(given, "runs", 15, 1000),
    maxSeconds: countOf(given, "max-seconds", 300, 36_000),
  };
  const [node = process.execPath] = listOf(given, "node");
  await inTempFolder(async (scratch) => {
    const { targets, skipped } = await makeTargets(scratch);
    const floor: { name: string; target?: ListTarget } = { name: FLOOR };
    const subjects = [floor, ...targets.map((target) => ({ name: target.name, target }))];
    const measured = await interleave(subjects, limits, ({ target }) =>
      target ? measureList({ node, ...target.command }, target) : floorSample(node),
    );
    const summaries = summarizeLists(measured.samples, FLOOR);
    publish(
      {
        name: "make",
        command: commandLine("make", argv),
        nodes: [versionOf(node)],
        notes: [
          `Medians of ${measured.rounds} interleaved starts; from the spawn, \`node -e 0\` to its exit; a client of 2025-11-25`,
          "Memory is the most of each process, added up: at the list, and when each server has answered a call. legacy answers the list from lock files, and starts the servers in processes of their own after it",
          "Without MAKE_WRITES=on, as here, tools that write are not listed",
        ],
        skipped: [...skipped, ...measured.skipped],
        tables: [{ title: "Servers for Make", ...listTable(summaries) }],
        data: { summaries, samples: Object.fromEntries(measured.samples) },
      },
      given.save === true,
    );
  });
  return true;
}

async function floorSample(node: string): Promise<ListSample> {
  const { listMs, peakMb } = await measureFloor(node);
  return {
    ...{ listMs, peakMb, servingMb: Number.NaN, processes: 1 },
    ...{ tools: Number.NaN, bytes: Number.NaN },
  };
}
