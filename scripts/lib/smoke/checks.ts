import type { Example } from "../example.ts";
import { type Era, eras } from "../standalone/answers.ts";
import type { Connection, ListedTool } from "../standalone/raw-client.ts";
import type { ToolsLock } from "../tools-lock.ts";
import { isRecord } from "../unknown.ts";
import { type Mountable, mountedDiffer } from "./mounted.ts";
import { keyHeaders, placesOf, type Target } from "./target.ts";
import { toolsDiffer } from "./tools-differ.ts";

/** Milliseconds; whoever waits longer thinks that it is broken. */
export const LATENCY_LINE_MS = 2_000;
/** Of each request whose time is taken. */
const SAMPLES = 5;
const PATIENCE_MS = 20_000;

/** What is known here of the server that should be there. */
export interface Expected {
  lock: ToolsLock;
  example?: Example | undefined;
  /** For a gateway, which lists the tools of others: who they may be. */
  mountable?: readonly Mountable[] | undefined;
}

export interface Met {
  era: Era;
  connection: Connection;
  name: string;
  version: string;
  tools: ListedTool[];
}

/** Says hello and lists the tools, as a client of the era. */
export async function meet(target: Target, era: Era): Promise<Met> {
  const connection = era.connectHttp(target.url.href, keyHeaders(target));
  const { serverInfo, _meta } = await era.open(connection);
  // since 2026-07-28 a result says in its _meta who answers
  const told = isRecord(_meta) ? _meta["io.modelcontextprotocol/serverInfo"] : undefined;
  const info = isRecord(serverInfo) ? serverInfo : told;
  const { name = "", version = "" } = isRecord(info) ? info : {};
  const tools = await era.list(connection);
  return { era, connection, name: String(name), version: String(version), tools };
}

export function checkTools({ tools, version }: Met, { lock, mountable }: Expected): string {
  const differences = mountable ? mountedDiffer(tools, mountable) : toolsDiffer(tools, lock);
  if (version !== lock.version)
    differences.unshift(`version ${version} is there, ${lock.version} is here`);
  if (differences.length > 0) throw new Error(differences.join("; "));
  return `${tools.length} tools, version ${version}`;
}

export async function checkCall({ era, connection }: Met, example: Example): Promise<string> {
  await era.call(connection, example.tool, example.input);
  return example.tool;
}

/** The first of the places that answers at all. */
export async function checkHealth(target: Target, path: string): Promise<string> {
  for (const place of placesOf(target, path)) {
    const response = await ask(place, { headers: keyHeaders(target) });
    if (response.ok) return `${place.pathname} ${response.status}`;
    if (response.status !== 404)
      throw new Error(`${place.pathname}: HTTP ${response.status} ${response.text.slice(0, 200)}`);
  }
  throw new Error(`there is no /${path}`);
}

/** Lists and calls some times more: warm, because the first answer may have started the server. */
export async function checkLatency(
  { era, connection }: Met,
  example: Example | undefined,
  lineMs = LATENCY_LINE_MS,
): Promise<string> {
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    times.push(await timed(() => era.list(connection)));
    if (example) times.push(await timed(() => era.call(connection, example.tool, example.input)));
  }
  const slowest = Math.max(...times);
  const told = `slowest of ${times.length} answers ${slowest.toFixed(0)} ms`;
  if (slowest > lineMs) throw new Error(`${told}, the line is ${lineMs} ms`);
  return told;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** A wrong key that has the form of one. */
const WRONG_KEY = "gw_0000000000000000_smoke-test-of-a-wrong-key";

/** Without a key, and with a wrong one, nobody is told a tool's name. */
export async function checkRefusal({ url }: Target, names: readonly string[]): Promise<string> {
  for (const key of [undefined, WRONG_KEY])
    for (const era of eras) {
      const who = `${key === undefined ? "without a key" : "with a wrong key"}, in ${era.version},`;
      const { status, text } = await askForTools({ url, key }, era);
      const told = names.find((name) => text.includes(JSON.stringify(name)));
      if (told !== undefined) throw new Error(`the answer ${who} names ${told}`);
      if (status !== 401 && status !== 403)
        throw new Error(`the answer ${who} is HTTP ${status}, not 401 or 403`);
    }
  return "401 or 403 without a key and with a wrong one";
}

/** One request, sent whole, that a server without access control would answer. */
function askForTools(target: Target, { version, params }: Era) {
  const method = "tools/list";
  return ask(target.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": version,
      "mcp-method": method,
      ...keyHeaders(target),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
}

async function ask(url: URL, init: RequestInit) {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  const { ok, status } = response;
  return { ok, status, text: await response.text() };
}
