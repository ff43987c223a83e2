import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import type { CommandContext } from "../../src/commands/command.ts";
import { runKeys } from "../../src/commands/keys.ts";
import {
  type Era,
  eventMessages,
  headersFor,
  paramsFor,
  parseMessage,
} from "../shared/testing/messages.ts";
import { writeConfig, writeServer } from "./folders.ts";
import { startWith, type TestGateway } from "./gateway.ts";

const SEEING = `export { server } from ${JSON.stringify(new URL("../fixtures/seeing-package.js", import.meta.url).href)};`;

/** Runs `gateway keys` in this process and returns what it says. */
export const keys = (root: string, argv: readonly string[], more: Partial<CommandContext> = {}) =>
  runKeys(argv, { env: {}, cwd: root, now: () => new Date(), ...more });

/** Makes a key and returns it. */
export const addKey = (root: string, name: string, ...options: string[]): string =>
  keys(root, ["add", name, ...options]).at(-1) ?? "";

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON-RPC answer, or the JSON of the body. */
  // biome-ignore lint/suspicious/noExplicitAny: what it is, is what the tests find out
  json: any;
}

export interface GuardedOptions {
  gateway?: object;
  entries?: Record<string, object>;
  env?: Record<string, string>;
  /** Called before the start, with the folder in which keys are made. */
  prepare?(root: string): void | Promise<void>;
}

export interface Guarded {
  root: string;
  config: string;
  gateway: TestGateway;
  /** Another gateway with the same files. */
  start(env?: Record<string, string>): Promise<TestGateway>;
  stop(): Promise<void>;
}

/** A folder in which gateways with access control are started: alpha and beta are two servers alike. */
export async function startGuarded({
  gateway = {},
  entries,
  env = {},
  prepare,
}: GuardedOptions = {}): Promise<Guarded> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "gateway-access-")));
  const seeing = await writeServer(root, "seeing-server", SEEING);
  const servers = entries ?? { alpha: { package: seeing }, beta: { package: seeing } };
  const config = await writeConfig(root, servers, {
    access: { keys: "gateway-keys.json" },
    ...gateway,
  });
  await prepare?.(root);
  const start = async (more: Record<string, string> = {}) => {
    const started = await startWith(config, { ...env, ...more });
    await started.ready();
    return started;
  };
  const started = await start();
  const stop = async () => {
    await started.stop();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    onTestFinished(stop);
  } catch {
    // in a hook, which stops it itself
  }
  return { root, config, gateway: started, start, stop };
}

export const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });

/** A request as it is sent, with what it was answered. */
export async function send(
  gateway: Pick<TestGateway, "url">,
  path: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: object; body?: string } = {},
): Promise<Reply> {
  const response = await fetch(new URL(path, gateway.url), {
    method,
    headers: { ...headers },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  const json = isStream ? eventMessages(text).at(-1) : (parseMessage(text) ?? safeJson(text));
  return { status: response.status, headers: response.headers, text, json };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A request of MCP with a credential. */
export function rpc(
  gateway: Pick<TestGateway, "url">,
  path: string,
  credential: string | undefined,
  method: string,
  given: JsonObject = {},
  { era = "modern", headers = {} }: { era?: Era; headers?: object } = {},
): Promise<Reply> {
  const params = paramsFor(era, given);
  return send(gateway, path, {
    method: "POST",
    headers: {
      ...headersFor(era, method, params),
      ...(credential !== undefined && bearer(credential)),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
}

export const toolNames = ({ json }: Reply): string[] =>
  json.result.tools.map(({ name }: { name: string }) => name);

/** What a tool's text says, as JSON. */
export const saidBy = ({ json }: Reply) => JSON.parse(json.result.content[0].text);
