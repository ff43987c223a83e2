import { inTempFolder } from "../../lib/temp-folder.ts";
import { buildMany } from "../lib/build-many.ts";
import { measureHttp } from "../lib/http-cases.ts";
import { type HttpCase, httpTables, PAIRED, TURNS } from "../lib/http-table.ts";
import { commandLine, versionOf } from "../lib/machine.ts";
import { countOf, countsOf, erasOf, listOf, readOptions } from "../lib/options.ts";
import { installPeers } from "../lib/peer.ts";
import { publish, say } from "../lib/report.ts";
import { waysOf } from "../lib/ways.ts";
import { floorHttp, ownGateway, ownHttp, peerHttp } from "../targets/http.ts";

export const usage = `Usage: pnpm bench http [options]

Measures what one request over HTTP costs the server process in CPU, and how many a second it
answers: tools/call and tools/list, for servers of some numbers of tools, beside bare node:http
that parses the body and writes the same bytes, our gateway, the SDK, and other servers from npm.
Each answers 20,000 requests of a kind, at most for 4 s, before the first of them is measured.

  --ways <all>              all, or own: without the servers of others
  --tools <1,20,100>        numbers of tools
  --concurrency <1,16,64>   requests at once
  --era <era>               legacy (2025-11-25), modern (2026-07-28) or both (both)
  --rounds <n>              measurements of each (7)
  --requests <n>            requests of each measurement (5000), in ${TURNS} turns, at most for 2 s
  --node <path>             the Node to measure on (the one that runs this)
  --max-seconds <n>         begin no round after this, for each number of tools (1200)
  --save                    keep the figures in scripts/bench/saved`;

export async function http(argv: string[]): Promise<boolean> {
  const given = readOptions(argv, ["ways", "tools", "concurrency", "era", "rounds", "requests"]);
  const eras = erasOf(given, "both");
  const toolCounts = countsOf(given, "tools", "1,20,100", 500);
  const settings = {
    eras,
    methods: ["tools/call", "tools/list"] as const,
    concurrencies: countsOf(given, "concurrency", "1,16,64", 1024),
    requests: countOf(given, "requests", 5000, 1_000_000),
    limits: {
      rounds: countOf(given, "rounds", 7, 1000),
      maxSeconds: countOf(given, "max-seconds", 1200, 36_000),
    },
  };
  const [node = process.execPath] = listOf(given, "node");
  const nodeVersion = versionOf(node);
  const isAll = waysOf(given) === "all";
  if (isAll) await installPeers();
  await inTempFolder(async (scratch) => {
    say("build   a server of many tools");
    const many = await buildMany(scratch);
    const cases: HttpCase[] = [];
    const skipped = new Map<string, string>();
    for (const tools of toolCounts) {
      const place = { node, nodeVersion, scratch, many, tools };
      const targets = [
        floorHttp(place),
        ownHttp(place),
        ...ownGateway(place),
        ...(isAll ? peerHttp(place) : []),
      ];
      const measured = await measureHttp(targets, tools, settings);
      cases.push(...measured.cases);
      for (const { name, reason } of measured.skipped) skipped.set(name, reason);
    }
    publish(
      {
        name: "http",
        command: commandLine("http", argv),
        nodes: [nodeVersion],
        notes: [
          "CPU: user and system of the server process, microseconds a request, median of the rounds (least)",
          PAIRED,
          "The load comes from one other process over kept-alive loopback connections; requests a second depend on it too",
        ],
        skipped: [...skipped].map(([name, reason]) => ({ name, reason })),
        tables: httpTables(cases),
        data: cases,
      },
      given.save === true,
    );
  });
  return true;
}
