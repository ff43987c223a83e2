import { Client as Client2 } from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";
import type { Channel } from "#shared/testing/channels.ts";

const NAME = { name: "asked-client", version: "1.0.0" };
const CAPABILITIES = { elicitation: { form: {} }, sampling: {}, roots: {} };

export interface AskedOptions {
  /** What the user answers, by what was asked; the default accepts red. */
  answer?(message: string): { action: "accept" | "decline" | "cancel"; content?: object };
  capabilities?: Partial<typeof CAPABILITIES>;
}

export interface AskedClient {
  call(
    name: string,
    input?: object,
    options?: { signal?: AbortSignal; onprogress?(value: { progress: number }): void },
  ): Promise<unknown>;
  setLevel(level: "debug" | "warning"): Promise<void>;
  /** The questions that the user saw. */
  asked: string[];
  /** The data of MCP log messages. */
  notices: unknown[];
  close(): Promise<void>;
}

const accept = () => ({ action: "accept" as const, content: { color: "red" } });
const sample = {
  role: "assistant" as const,
  content: { type: "text" as const, text: "hello" },
  model: "test-model",
};
const folders = { roots: [{ uri: "file:///work", name: "work" }] };

/** A client of the 2.x line that answers what it is asked. */
export async function connectAsked2(
  channel: Channel,
  mode: "legacy" | "auto",
  { answer = accept, capabilities = CAPABILITIES }: AskedOptions = {},
): Promise<AskedClient> {
  const asked: string[] = [];
  const notices: unknown[] = [];
  const client = new Client2(NAME, { capabilities, versionNegotiation: { mode } });
  if (capabilities.elicitation)
    client.setRequestHandler("elicitation/create", ({ params }) => {
      asked.push(params.message);
      return answer(params.message) as never;
    });
  if (capabilities.sampling) client.setRequestHandler("sampling/createMessage", () => sample);
  if (capabilities.roots) client.setRequestHandler("roots/list", () => folders);
  client.setNotificationHandler("notifications/message", ({ params }) => {
    notices.push(params.data);
  });
  await client.connect(channel.line2());
  onTestFinished(() => client.close());
  return {
    asked,
    notices,
    call: (name, input = {}, options) =>
      client.callTool({ name, arguments: { ...input } }, options),
    setLevel: async (level) => void (await client.setLoggingLevel(level)),
    close: () => client.close(),
  };
}

/** The same of the 1.x line. */
export async function connectAsked1(
  channel: Channel,
  { answer = accept, capabilities = CAPABILITIES }: AskedOptions = {},
): Promise<AskedClient> {
  const asked: string[] = [];
  const notices: unknown[] = [];
  const client = new Client1(NAME, { capabilities });
  if (capabilities.elicitation)
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params.message);
      return answer(params.message) as never;
    });
  if (capabilities.sampling) client.setRequestHandler(CreateMessageRequestSchema, () => sample);
  if (capabilities.roots) client.setRequestHandler(ListRootsRequestSchema, () => folders);
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    notices.push(params.data);
  });
  await client.connect(channel.line1());
  onTestFinished(() => client.close());
  return {
    asked,
    notices,
    call: (name, input = {}, options) =>
      client.callTool({ name, arguments: { ...input } }, undefined, options),
    setLevel: async (level) => void (await client.setLoggingLevel(level)),
    close: () => client.close(),
  };
}

/** What a probe tool returned, or the text of its failure. */
export function returned(result: unknown): unknown {
  const { content } = result as { content: { text: string }[] };
  try {
    return JSON.parse(content[0]?.text ?? "");
  } catch {
    return content[0]?.text;
  }
}
