// Copied from shared/testing/clients.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { Client as Client2 } from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import type { Channel } from "./channels.ts";
import { type Era, MODERN_VERSION } from "./messages.ts";
import { within } from "./within.ts";

/** The clients that a server must answer: the last line without 2026-07-28, and each way of the new one. */
export const CLIENTS = [
  { name: "the 1.x client", era: "legacy" },
  { name: "the 2.x client, as of 2025", era: "legacy", mode: "legacy" },
  { name: "the 2.x client, which asks first", era: "modern", mode: "auto" },
  { name: "the 2.x client, pinned to 2026-07-28", era: "modern", mode: { pin: MODERN_VERSION } },
] as const;

export type ClientKind = (typeof CLIENTS)[number];

export interface CallOptions {
  signal?: AbortSignal;
  onprogress?(progress: { progress: number; total?: number | undefined }): void;
}

/** What the suite does with a client, whichever it is. */
export interface TestClient {
  readonly era: Era;
  listTools(): Promise<unknown[]>;
  callTool(name: string, input: object, options?: CallOptions): Promise<unknown>;
  /** The text of a resource. */
  read(uri: string): Promise<string>;
  /** Absent where the era has no ping. */
  ping?(): Promise<void>;
  close(): Promise<void>;
}

const NAME = { name: "contract-suite", version: "1.0.0" };

/** Connects; rejects when the server does not answer in time. */
export function connect(kind: ClientKind, channel: Channel): Promise<TestClient> {
  const connecting = "mode" in kind ? connect2(kind, channel) : connect1(channel);
  return within(connecting, () => `${kind.name} got no answer`);
}

async function connect1(channel: Channel): Promise<TestClient> {
  const client = new Client1(NAME);
  await client.connect(channel.line1());
  return {
    era: "legacy",
    listTools: async () => (await client.listTools()).tools,
    callTool: (name, input, options) =>
      client.callTool({ name, arguments: { ...input } }, undefined, options),
    read: async (uri) => textOf(await client.readResource({ uri })),
    ping: async () => void (await client.ping()),
    close: () => client.close(),
  };
}

async function connect2(
  { era, mode }: Extract<ClientKind, { mode: unknown }>,
  channel: Channel,
): Promise<TestClient> {
  const client = new Client2(NAME, { versionNegotiation: { mode } });
  await client.connect(channel.line2());
  return {
    era,
    listTools: async () => (await client.listTools()).tools,
    callTool: (name, input, options) => client.callTool({ name, arguments: { ...input } }, options),
    read: async (uri) => textOf(await client.readResource({ uri })),
    ...(era === "legacy" && { ping: async () => void (await client.ping()) }),
    close: () => client.close(),
  };
}

function textOf({ contents: [first] }: { contents: readonly object[] }): string {
  return first && "text" in first ? String(first.text) : "";
}
