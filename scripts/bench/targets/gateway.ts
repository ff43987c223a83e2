import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startProcess } from "../lib/http-process.ts";
import { peerFault, peerFile, peerLabel } from "../lib/peer.ts";
import { gatewayFile, type HttpTarget, ownHttp, type Place } from "./http.ts";

export const DIRECT = "no gateway, HTTP";

/** The same server behind nothing, behind our gateway in each way it can be mounted, and behind others. */
export function gatewayTargets(place: Place): HttpTarget[] {
  const { node, many } = place;
  const stdio = join(many, "dist", "stdio.js");
  const child = { command: node, args: [stdio] };
  return [
    { ...ownHttp(place), name: DIRECT },
    ours(place, "our gateway, in process", { package: many }),
    ours(place, "our gateway, child process", child),
    peer(place, "supergateway", "dist/index.js", (port) => [
      "--stdio",
      `${node} ${stdio}`,
      ...["--outputTransport", "streamableHttp", "--stateful", "--logLevel", "none"],
      ...["--port", String(port)],
    ]),
    peer(place, "mcp-proxy", "dist/bin/mcp-proxy.mjs", (port) => [
      ...["--host", "127.0.0.1", "--port", String(port), "--server", "stream"],
      ...["--endpoint", "/mcp", "--", node, stdio],
    ]),
  ];
}

function ours({ node, scratch }: Place, name: string, mount: object): HttpTarget {
  const config = join(scratch, `${name.replaceAll(/\W+/g, "-")}.json`);
  return {
    name,
    path: "/many/mcp",
    start: async () => {
      await writeFile(config, JSON.stringify({ mcpServers: { many: mount } }));
      return startProcess({
        node,
        cwd: scratch,
        args: () => [gatewayFile(), "--config", config],
      });
    },
  };
}

function peer(
  { node, nodeVersion, scratch }: Place,
  name: string,
  file: string,
  args: (port: number) => string[],
): HttpTarget {
  return {
    name: peerLabel(name),
    path: "/mcp",
    fault: peerFault(name, nodeVersion),
    start: () =>
      startProcess({ node, cwd: scratch, args: (port) => [peerFile(name, file), ...args(port)] }),
  };
}
