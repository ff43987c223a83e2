import { resolve } from "node:path";
import type { JsonObject } from "#shared/core/contract.ts";
import { type RawHttp, startHttp } from "../shared/testing/http.ts";
import {
  type Era,
  eventMessages,
  headersFor,
  isObject,
  paramsFor,
  parseMessage,
} from "../shared/testing/messages.ts";
import { type ServerProcess, startProcess } from "../shared/testing/process.ts";
import { PATIENCE_MS, until } from "../shared/testing/within.ts";
import { testFolder, writeConfig, writeServer } from "./folders.ts";

export const ENTRY = resolve("dist/http.js");

/** How tests talk to a gateway, or to several behind one address. */
export interface Requests {
  /** Where the MCP of all servers is. */
  readonly url: string;
  /** A request to one server, or to all of them as "". */
  rpc(server: string, era: Era, method: string, params?: JsonObject): Promise<JsonObject>;
}

export const requestsTo = (url: string): Requests => ({
  url,
  rpc: (server, era, method, params = {}) => rpc(url, server, era, method, params),
});

export interface TestGateway extends RawHttp, Requests {
  /** Waits until the line of a mount says that. */
  says(pattern: RegExp): Promise<string>;
  /** Waits until /ready answers with this status. */
  ready(status?: number): Promise<void>;
}

/** Starts the built gateway with this gateway.json on a free port. */
export async function startWith(
  config: string,
  env: Record<string, string> = {},
  nodeArgs: readonly string[] = [],
): Promise<TestGateway> {
  const http = await startHttp({ entry: ENTRY, nodeArgs, env: { GATEWAY_CONFIG: config, ...env } });
  return {
    ...http,
    ...requestsTo(http.url),
    says: (pattern) => http.stdout.find((line) => pattern.test(line), `A line like ${pattern}`),
    ready: (status = 200) =>
      until(async () => (await http.ask("/ready")).status === status, `/ready with ${status}`),
  };
}

/** Starts the gateway with fixture servers of these names. */
export async function startFixtures(...names: string[]): Promise<TestGateway> {
  const root = await testFolder();
  const entries = names.map(async (name) => {
    const folder = await writeServer(root, `${name}-server`);
    return [name, { package: folder, env: { VALUE: `of ${name}` } }] as const;
  });
  const gateway = await startWith(
    await writeConfig(root, Object.fromEntries(await Promise.all(entries))),
  );
  await gateway.ready();
  return gateway;
}

/** Runs the built gateway with a command line; for starts that fail, and for --help. */
export function runWith(args: readonly string[], env: Record<string, string> = {}): ServerProcess {
  const line = [ENTRY, ...args];
  return startProcess({ nodeArgs: line.slice(0, -1), entry: line.at(-1) ?? ENTRY, env });
}

async function rpc(url: string, server: string, era: Era, method: string, given: JsonObject) {
  const params = paramsFor(era, given);
  // what a test says of its client wins over what all tests say
  if (isObject(given._meta)) params._meta = { ...(params._meta as JsonObject), ...given._meta };
  const path = server === "" ? "/mcp" : `/${server}/mcp`;
  const response = await fetch(new URL(path, url), {
    method: "POST",
    headers: headersFor(era, method, params),
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  const messages = response.headers.get("content-type")?.startsWith("text/event-stream")
    ? eventMessages(text)
    : [parseMessage(text)];
  const answer = messages.find((message) => message?.id === 1);
  if (!answer) throw new Error(`${method}: HTTP ${response.status} without an answer: ${text}`);
  return answer;
}

/** The text of a result's first block, and the JSON in it. */
export function textOf(answer: JsonObject): string {
  const result = answer.result as { content?: { text?: string }[] } | undefined;
  return result?.content?.[0]?.text ?? JSON.stringify(answer);
}

export const errorOf = (answer: JsonObject) => JSON.parse(textOf(answer)).error;
