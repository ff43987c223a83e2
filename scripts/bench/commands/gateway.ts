import { inTempFolder } from "../../lib/temp-folder.ts";
import { buildMany } from "../lib/build-many.ts";
import { gatewayTables } from "../lib/gateway-table.ts";
import { measureHttp } from "../lib/http-cases.ts";
import { PAIRED, TURNS } from "../lib/http-table.ts";
import { commandLine, versionOf } from "../lib/machine.ts";
import { countOf, countsOf, erasOf, listOf, readOptions } from "../lib/options.ts";
import { installPeers } from "../lib/peer.ts";
import { publish, say } from "../lib/report.ts";
import { waysOf } from "../lib/ways.ts";
import { ownTargets, peerTargets } from "../targets/gateway.ts";

export const usage = `Usage: pnpm bench gateway [options]

Measures one tools/call on bare node:http, directly and through gateways: ours with the server in its
process and as a child process, ours with all that is for production (a key, limits, pinned definitions
and an audit log), and gateways from npm that put a stdio server behind HTTP (one session kept open).
CPU, processes and memory are of the gateway with all it started. Each answers 20,000 requests of a
kind, at most for 4 s, before the first of them is measured.

  --ways <all>          all, or own: without the gateways of others
  --concurrency <1,16>  requests at once
  --era <era>           legacy (2025-11-25), modern (2026-07-28) or both (legacy)
  --rounds <n>          measurements of each (7)
  --requests <n>        requests of each measurement (5000), in ${TURNS} turns, at most for 2 s
  --node <path>         the Node to measure on (the one that runs this)
  --max-seconds <n>     begin no round after this (600)
  --save                keep the figures in scripts/bench/saved`;

export async function gateway(argv: string[]): Promise<boolean> {
  const given = readOptions(argv, ["ways", "concurrency", "era", "rounds", "requests"]);
  const settings = {
    eras: erasOf(given, "legacy"),
    methods: ["tools/call"] as const,
    concurrencies: countsOf(given, "concurrency", "1,16", 1024),
    requests: countOf(given, "requests", 5000, 1_000_000),
    limits: {
      rounds: countOf(given, "rounds", 7, 1000),
      maxSeconds: countOf(given, "max-seconds", 600, 36_000),
    },
  };
  const [node = process.execPath] = listOf(given, "node");
  const nodeVersion = versionOf(node);
  const isAll = waysOf(given) === "all";
  if (isAll) await installPeers();
  await inTempFolder(async (scratch) => {
    say("build   a server of one tool");
    const many = await buildMany(scratch);
    const place = { node, nodeVersion, scratch, many, tools: 1 };
    const { cases, skipped } = await measureHttp(
      [...ownTargets(place), ...(isAll ? peerTargets(place) : [])],
      1,
      settings,
    );
    publish(
      {
        name: "gateway",
        command: commandLine("gateway", argv),
        nodes: [nodeVersion],
        notes: [
          "Medians of the rounds; the server behind each way is the same",
          PAIRED,
          "What metrics and the dashboard read is counted in every gateway of ours, with production or without",
        ],
        skipped,
        tables: gatewayTables(cases),
        data: cases,
      },
      given.save === true,
    );
  });
  return true;
}
