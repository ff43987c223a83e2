import { pathToFileURL } from "node:url";
import { inTempFolder } from "../../lib/temp-folder.ts";
import { messageOf } from "../../lib/unknown.ts";
import { buildMany } from "../lib/build-many.ts";
import { commandLine, versionOf } from "../lib/machine.ts";
import { abandoned, answered, type Growth, measureGrowth } from "../lib/memory-run.ts";
import { countOf, listOf, readOptions } from "../lib/options.ts";
import { installPeers, ownFile } from "../lib/peer.ts";
import { figure, publish, type Skipped, say, type Table } from "../lib/report.ts";
import { floorHttp, type HttpTarget, ownGateway, ownHttp, peerHttp } from "../targets/http.ts";

export const usage = `Usage: pnpm bench memory [options]

Measures what a server over HTTP keeps: growth of the heap (after collecting garbage) and of the
process from the first tenth on, over many requests, and over connections that are given up when
the request, or half of it, is sent. For our HTTP entry, our gateway, bare node:http, and the SDK.

  --requests <n>     requests (100000)
  --abandoned <n>    connections that are given up (10000)
  --peers            tmcp and fastmcp too
  --node <path>      the Node to measure on (the one that runs this)
  --max-seconds <n>  begin no other server after this (1800)
  --save             keep the figures in scripts/bench/saved`;

const TOOLS = 20;

export async function memory(argv: string[]): Promise<boolean> {
  const given = readOptions(
    argv.filter((one) => one !== "--peers"),
    ["requests", "abandoned"],
  );
  const counts = {
    requests: countOf(given, "requests", 100_000, 5_000_000),
    abandoned: countOf(given, "abandoned", 10_000, 1_000_000),
  };
  const maxSeconds = countOf(given, "max-seconds", 1800, 36_000);
  const [node = process.execPath] = listOf(given, "node");
  const nodeVersion = versionOf(node);
  await installPeers();
  await inTempFolder(async (scratch) => {
    say("build   a server of many tools");
    const many = await buildMany(scratch);
    const probe = ["--expose-gc", "--import", pathToFileURL(ownFile("memory-probe.mjs")).href];
    const place = { node, nodeVersion, scratch, many, tools: TOOLS, probe };
    const peers = peerHttp(place).slice(0, argv.includes("--peers") ? undefined : 1);
    const targets = [floorHttp(place), ownHttp(place), ...ownGateway(place).slice(0, 1), ...peers];
    const measured = await measureAll(targets, counts, maxSeconds);
    publish(
      {
        name: "memory",
        command: commandLine("memory", argv),
        nodes: [nodeVersion],
        notes: [
          `Each server with ${TOOLS} tools in a process of its own, weighed 20 times, one after another`,
        ],
        skipped: measured.skipped,
        tables: [
          growthTable(`${counts.requests} requests, 16 at once`, "requests", measured.requests),
          growthTable(
            `${counts.abandoned} connections given up`,
            "connections",
            measured.abandoned,
          ),
        ],
        data: { requests: measured.requests, abandoned: measured.abandoned },
      },
      given.save === true,
    );
  });
  return true;
}

async function measureAll(
  targets: readonly HttpTarget[],
  counts: { requests: number; abandoned: number },
  maxSeconds: number,
) {
  const started = performance.now();
  const result = { requests: [] as Growth[], abandoned: [] as Growth[], skipped: [] as Skipped[] };
  for (const target of targets) {
    try {
      if (performance.now() - started > maxSeconds * 1000)
        throw new Error("there was no time left");
      result.requests.push(await measureGrowth(target, answered, counts.requests));
      result.abandoned.push(await measureGrowth(target, abandoned, counts.abandoned));
    } catch (error) {
      result.skipped.push({ name: target.name, reason: messageOf(error) });
      say(`skipped ${target.name}: ${messageOf(error)}`);
    }
  }
  return result;
}

function growthTable(title: string, unit: string, growths: readonly Growth[]): Table {
  return {
    title,
    head: [
      "server",
      `heap, KiB per 1,000 ${unit}`,
      `RSS, KiB per 1,000 ${unit}`,
      "heap since the first tenth, KiB",
      "RSS since the first tenth, KiB",
      "heap at the end, MiB",
      "RSS at the end, MiB",
    ],
    rows: growths.map((one) => [
      one.target,
      figure(one.heapPerThousandKb),
      figure(one.rssPerThousandKb),
      figure(one.heapKb),
      figure(one.rssKb),
      figure((one.points.at(-1)?.heapKb ?? Number.NaN) / 1024),
      figure((one.points.at(-1)?.rssKb ?? Number.NaN) / 1024),
    ]),
  };
}
