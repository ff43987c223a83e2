import type { Transport } from "@modelcontextprotocol/server";
import type { Instance, JsonObject } from "#shared/core/contract.ts";
import { liveAnswers } from "#shared/mcp/answers.ts";
import { createConnection } from "#shared/mcp/connection.ts";
import { type FetchableServer, withFetch } from "#shared/mcp/define-server.ts";
import { isRequest } from "#shared/mcp/hot-frames.ts";
import { sdkStdio } from "#shared/mcp/sdk.ts";

/** One end of a connection over stdio, without the process: lines in, lines out. */
export interface StdioSide {
  receive(message: JsonObject): void;
  /** All that came out so far, in order. */
  readonly sent: JsonObject[];
  close(): Promise<void>;
}

/** Answers what a server asks of its client, at once. */
function clientAnswer({ id, method }: JsonObject): JsonObject | undefined {
  const results: Record<string, JsonObject> = {
    "elicitation/create": { action: "accept", content: { choice: "this" } },
    "sampling/createMessage": {
      role: "assistant",
      content: { type: "text", text: "42" },
      model: "m",
    },
    "roots/list": { roots: [{ uri: "file:///tmp" }] },
  };
  const result = id === undefined || typeof method !== "string" ? undefined : results[method];
  return result && { jsonrpc: "2.0", id, result };
}

function collect(reply: (message: JsonObject) => void) {
  const sent: JsonObject[] = [];
  const take = (text: string) => {
    const message: JsonObject = JSON.parse(text);
    sent.push(message);
    const answer = clientAnswer(message);
    if (answer) setImmediate(reply, answer);
  };
  return { sent, take };
}

/** The connection as it is deployed; its backend is there after `load`. */
export function deployedStdio(
  server: FetchableServer,
  instance: Instance,
  load: () => Promise<unknown>,
): StdioSide {
  const { sent, take } = collect((message) => connection.receive(message));
  const connection = createConnection({
    answers: liveAnswers(server, instance),
    load: async () => {
      await load();
      return { module: server, instance };
    },
    write: async (text) => take(text),
    onIdle: () => {},
    onError: () => {},
    onBroken: (error) => {
      throw error;
    },
  });
  return { sent, receive: connection.receive, close: connection.close };
}

/** The same instance behind the SDK alone. */
export function sdkOverStdio(server: FetchableServer, instance: Instance): StdioSide {
  const { sent, take } = collect((message) => receive(message));
  const transport: Transport = {
    start: async () => {},
    close: async () => transport.onclose?.(),
    send: async (message) => take(JSON.stringify(message)),
  };
  const receive = (message: JsonObject) => transport.onmessage?.(message as never);
  const sdk = sdkStdio(server, instance, transport, () => {});
  return { sent, receive, close: sdk.close };
}

export const fetchable = withFetch;

const isReplyTo = (id: unknown) => (message: JsonObject) =>
  message.id === id && !("method" in message);

/** What ends only by being cancelled, or with the connection. */
const isEndless = ({ method, params }: JsonObject) =>
  method === "subscriptions/listen" ||
  (method === "tools/call" && (params as JsonObject | undefined)?.name === "wait_for_end");

const LOST_MS = 15_000;

async function answered(side: StdioSide, { id }: JsonObject, count: number): Promise<void> {
  const end = Date.now() + LOST_MS;
  while (side.sent.filter(isReplyTo(id)).length < count && Date.now() < end) await tick();
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

async function rest(): Promise<void> {
  for (let round = 0; round < 4; round++) await tick();
}

/** Milliseconds in which what is not answered, such as a subscription, shows that it began. */
const BEGIN_MS = 15;
const BEGIN_TURNS = 50;

async function begun(side: StdioSide, before: number): Promise<void> {
  const end = Date.now() + BEGIN_MS;
  // turns too: in a process that was stopped the time is over at once
  for (let turn = 0; turn < BEGIN_TURNS || Date.now() < end; turn++) {
    if (side.sent.length > before) return;
    await tick();
  }
}

/** Feeds messages one after the other: the next when the one before is answered. */
export async function feedInTurn(side: StdioSide, messages: readonly JsonObject[]): Promise<void> {
  const expected = new Map<unknown, number>();
  for (const message of messages) {
    const { id } = message;
    if (isRequest(message) && !isEndless(message)) expected.set(id, (expected.get(id) ?? 0) + 1);
    const before = side.sent.length;
    side.receive(structuredClone(message));
    if (isEndless(message)) await begun(side, before);
    if (expected.has(id)) await answered(side, message, expected.get(id) ?? 0);
    await rest();
  }
}

/** Feeds all messages at once, as a client does that does not wait. */
export async function feedAtOnce(
  side: StdioSide,
  messages: readonly JsonObject[],
  unanswered: ReadonlySet<unknown>,
): Promise<void> {
  for (const message of messages) side.receive(structuredClone(message));
  for (const message of messages) {
    const isAwaited = isRequest(message) && !isEndless(message) && !unanswered.has(message.id);
    if (isAwaited) await answered(side, message, 1);
  }
  if (messages.some(isEndless)) await begun(side, side.sent.length);
  await rest();
}
