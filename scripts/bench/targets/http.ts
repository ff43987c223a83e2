import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "../../lib/projects.ts";
import { type HttpProcess, startProcess } from "../lib/http-process.ts";
import { greetingOf, resultIn } from "../lib/http-session.ts";
import { calling, type Era, listing } from "../lib/messages.ts";
import { ownFile, peerFault, peerLabel } from "../lib/peer.ts";
import { createWire } from "../lib/wire.ts";

/** A server behind one address; a process may have several. */
export interface HttpTarget {
  name: string;
  path: string;
  /** Sent with every request. */
  headers?: Record<string, string>;
  start(): Promise<HttpProcess>;
  /** Why it cannot be measured, if that is known before it is started. */
  fault?: string | undefined;
}

export interface Place {
  node: string;
  nodeVersion: string;
  scratch: string;
  /** The folder of our server of many tools. */
  many: string;
  tools: number;
  /** More arguments of Node itself, before the script, that load what listens to its parent. */
  probe?: readonly string[];
}

const starter =
  (place: Place, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  () =>
    startProcess({
      node: place.node,
      args: () => [...(place.probe ?? []), ...args],
      listens: place.probe !== undefined,
      cwd: place.scratch,
      env: { BENCH_TOOLS: String(place.tools), ...env },
    });

export const ownHttp = (place: Place): HttpTarget => ({
  name: "our HTTP entry",
  path: "/mcp",
  start: starter(place, [join(place.many, "dist", "http.js")]),
});

/** Our gateway with the server in its process: by the server's own path, and as the whole. */
export function ownGateway(place: Place): HttpTarget[] {
  const config = join(place.scratch, "gateway.json");
  let running: Promise<HttpProcess> | undefined;
  let users = 0;
  const start = async () => {
    users += 1;
    running ??= writeFile(
      config,
      JSON.stringify({ mcpServers: { many: { package: place.many } } }),
    ).then(starter(place, [gatewayFile(), "--config", config]));
    const gateway = await running;
    const end = async () => {
      users -= 1;
      if (users > 0) return;
      running = undefined;
      await gateway.end();
    };
    return { ...gateway, end };
  };
  return [
    { name: "our gateway, /many/mcp", path: "/many/mcp", start },
    { name: "our gateway, /mcp", path: "/mcp", start },
  ];
}

export const gatewayFile = (): string =>
  join(repositoryRoot, "servers", "gateway", "dist", "http.js");

const peers = [
  { peer: "@modelcontextprotocol/server", file: "sdk.mjs" },
  { peer: "tmcp", file: "tmcp.mjs" },
  { peer: "fastmcp", file: "fastmcp.mjs" },
];

export const peerHttp = (place: Place): HttpTarget[] =>
  peers.map(({ peer, file }) => ({
    name: peerLabel(peer),
    path: "/mcp",
    start: starter(place, [ownFile(file), "http"]),
    fault: peerFault(peer, place.nodeVersion),
  }));

export const FLOOR = "node:http, same bytes";

/** Bare node:http that writes the bytes that our own server writes. */
export function floorHttp(place: Place): HttpTarget {
  const file = join(place.scratch, `floor-${place.tools}.json`);
  return {
    name: FLOOR,
    path: "/mcp",
    start: async () => {
      await mkdir(place.scratch, { recursive: true });
      await writeFile(file, JSON.stringify(await recordResults(ownHttp(place))));
      return starter(place, [ownFile("floor-http.mjs")], { FLOOR_RESULTS: file })();
    },
  };
}

async function recordResults(target: HttpTarget): Promise<Record<string, Record<string, string>>> {
  const server = await target.start();
  const wire = createWire(server.port);
  const recorded: Record<string, Record<string, string>> = {};
  try {
    for (const era of ["2025", "2026"] satisfies Era[]) {
      const { prepare, tools } = await server.session(target.path, era);
      const results: Record<string, string> = { initialize: "{}", "server/discover": "{}" };
      for (const request of [listing(era), calling(era, greetingOf(tools))]) {
        const result = resultIn(await wire.send(prepare(request)(1_000_000)), request.method);
        results[request.method] = JSON.stringify(result);
      }
      recorded[era] = results;
    }
    return recorded;
  } finally {
    wire.close();
    await server.end();
  }
}
