import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../free-ports.ts";
import { emptyEnvironment } from "../standalone/environment.ts";
import { type HttpServer, startHttp } from "../standalone/start-http.ts";
import { FAIL_SECONDS, startNginx } from "./nginx.ts";

/** Longer than a proxy leaves out one that was not there. */
const BACK_MS = 2_000 * FAIL_SECONDS;
const READY_MS = 30_000;
const POLL_MS = 50;

export interface FleetOptions {
  /** Built files of the server, and of the gateway. */
  server: string;
  gateway: string;
  replicas: number;
  gateways: number;
  /** Where gateways share their limits; without one each has its own. */
  redisUrl?: string | undefined;
}

/** One process at one port, which is ended and started again. */
interface Member {
  name: string;
  port: number;
  process: HttpServer;
  start(): Promise<HttpServer>;
}

export interface Fleet {
  /** Of the server, through a gateway. */
  url: string;
  /** Ends and starts one after another, replicas first; says which is back. */
  update(back: (name: string) => void): Promise<void>;
  stop(): Promise<void>;
}

/** Replicas behind one address, gateways that call it, and nginx before both. When one does not start, none is left. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), "flotilla-rolling-"));
  const members: Member[] = [];
  const toStop: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    await Promise.all(members.map(({ process }) => process.terminate()));
    for (const each of toStop) await each();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await startAll(options, folder, members, toStop);
    return { url, stop, update: (back) => renew(members, back) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Notes what it started as it goes, so that it can be stopped. */
async function startAll(
  { replicas, gateways, redisUrl, server, gateway }: FleetOptions,
  folder: string,
  members: Member[],
  toStop: (() => Promise<unknown>)[],
): Promise<string> {
  const ports = await freePorts(replicas + gateways + 2);
  const [front = 0, inner = 0, ...rest] = ports;
  const config = join(folder, "gateway.json");
  writeFileSync(config, JSON.stringify(settings(inner)));
  const begin = async (name: string, dist: string, env: NodeJS.ProcessEnv, port: number) => {
    const start = () => startMember(dist, { ...env, PORT: String(port) });
    members.push({ name, port, start, process: await start() });
    await ready(readyUrl(port));
  };
  for (const [index, port] of rest.entries()) {
    if (index < replicas) await begin(`replica ${index + 1}`, server, {}, port);
  }
  const upstreams = [
    { listen: inner, ports: rest.slice(0, replicas) },
    { listen: front, ports: rest.slice(replicas) },
  ];
  toStop.push(await startNginx(folder, upstreams));
  const env = { GATEWAY_CONFIG: config, ...(redisUrl && { GATEWAY_REDIS_URL: redisUrl }) };
  for (const [index, port] of rest.slice(replicas).entries()) {
    await begin(`gateway ${index + 1}`, gateway, env, port);
  }
  const url = `http://127.0.0.1:${front}`;
  await ready(`${url}/ready`);
  return `${url}/math/mcp`;
}

async function renew(members: readonly Member[], back: (name: string) => void): Promise<void> {
  for (const member of members) {
    const code = await member.process.terminate();
    if (code !== 0) throw new Error(`${member.name} ended with ${code} on SIGTERM`);
    member.process = await member.start();
    await ready(readyUrl(member.port));
    // the proxy has to see that it is back before the next one goes
    await new Promise((resolve) => setTimeout(resolve, BACK_MS));
    back(member.name);
  }
}

const readyUrl = (port: number) => `http://127.0.0.1:${port}/ready`;

const settings = (inner: number) => ({
  mcpServers: { math: { url: `http://127.0.0.1:${inner}/mcp` } },
  // counted for each call, and never reached
  gateway: { limits: { address: { rate: 1_000_000 }, principal: { rate: 1_000_000 } } },
});

const startMember = (dist: string, env: NodeJS.ProcessEnv) =>
  startHttp([join(dist, "http.js")], { cwd: dist, env: { ...emptyEnvironment(), ...env } });

async function ready(url: string): Promise<void> {
  for (const last = performance.now() + READY_MS; performance.now() < last; ) {
    const answers = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${url} is not ready after ${READY_MS / 1000} s`);
}

/** Whether something listens where the URL says. */
export function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once("connect", () => socket.end());
  });
}
