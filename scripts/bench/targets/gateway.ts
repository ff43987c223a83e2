import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type HttpProcess, startProcess } from "../lib/http-process.ts";
import { peerFault, peerFile, peerLabel } from "../lib/peer.ts";
import { floorHttp, gatewayFile, type HttpTarget, ownHttp, type Place } from "./http.ts";

export const DIRECT = "no gateway, HTTP";
export const PLAIN = "our gateway, in process";
export const PRODUCTION = "our gateway, production on";

/** Bare node:http, and the same server behind nothing and behind our gateway in each way that it can be mounted. */
export function ownTargets(place: Place): HttpTarget[] {
  const { node, many } = place;
  const stdio = join(many, "dist", "stdio.cjs");
  const child = { command: node, args: [stdio] };
  return [
    floorHttp(place),
    { ...ownHttp(place), name: DIRECT },
    ours(place, PLAIN, { package: many }),
    inProduction(place, { package: many }),
    ours(place, "our gateway, child process", child),
  ];
}

/** The same server behind gateways of others. */
export function peerTargets(place: Place): HttpTarget[] {
  const { node, many } = place;
  const stdio = join(many, "dist", "stdio.cjs");
  return [
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

interface Ours {
  mount: object;
  gateway?: object;
  env?: NodeJS.ProcessEnv;
}

const ours = (place: Place, name: string, mount: object): HttpTarget => ({
  name,
  path: "/many/mcp",
  start: () => startOurs(place, name, { mount }),
});

async function startOurs(
  { node, scratch }: Place,
  name: string,
  { mount, gateway = {}, env = {} }: Ours,
): Promise<HttpProcess> {
  const config = join(scratch, `${name.replaceAll(/\W+/g, "-")}.json`);
  await writeFile(config, JSON.stringify({ mcpServers: { many: mount }, gateway }));
  const args = () => [gatewayFile(), "--config", config];
  return startProcess({ node, cwd: scratch, args, env });
}

/**
 * With a key for each call, limits of principals, tools and addresses, pinned definitions, and a signed
 * audit log with hashes of the arguments. What metrics and the dashboard read is counted in every gateway.
 */
function inProduction(place: Place, mount: object): HttpTarget {
  const { scratch } = place;
  const id = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  const hash = `sha256:${createHash("sha256").update(secret).digest("base64url")}`;
  const createdAt = new Date().toISOString();
  const key = { id, name: "bench", scopes: ["*"], createdAt, secrets: [{ hash, createdAt }] };
  const enough = { rate: 1_000_000, burst: 1_000_000 };
  const gateway = {
    access: { keys: "bench-keys.json" },
    limits: { principal: enough, address: enough, tools: { "*": enough } },
    pins: { file: "bench-pins.json" },
    audit: { file: "bench-audit.jsonl" },
  };
  return {
    name: PRODUCTION,
    path: "/many/mcp",
    headers: { authorization: `Bearer gw_${id}_${secret}` },
    start: async () => {
      const keys = JSON.stringify({ version: 1, keys: [key] });
      await writeFile(join(scratch, "bench-keys.json"), keys);
      const env = { GATEWAY_AUDIT_KEY: secret };
      return startOurs(place, PRODUCTION, { mount, gateway, env });
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
