import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../../shared/mcp/node-http.ts";
import { isRecord } from "../lib/unknown.ts";
import { endChild, spawnFixture } from "./fixture.ts";
import { onMessages, writeMessage } from "./lines.ts";

type Message = Record<string, unknown>;

const PREFIX = "io.modelcontextprotocol";
const VERSION = `${PREFIX}/protocolVersion`;
const SUBSCRIPTION = `${PREFIX}/subscriptionId`;
const FIRST_MODERN_YEAR = "2026";
const OPENING = {
  _meta: {
    [VERSION]: "2026-07-28",
    [`${PREFIX}/clientInfo`]: { name: "bridge", version: "1.0.0" },
    [`${PREFIX}/clientCapabilities`]: {},
  },
};

const metaOf = (message: unknown): Message => {
  const params = isRecord(message) ? message.params : undefined;
  return isRecord(params) && isRecord(params._meta) ? params._meta : {};
};

/** A request says its revision in its header, and from 2026-07-28 on in itself. */
export function isModern(headers: IncomingHttpHeaders, body: unknown): boolean {
  const version = headers["mcp-protocol-version"];
  const claimed = typeof version === "string" && /^\d{4}-/.test(version) ? version : "";
  return claimed >= FIRST_MODERN_YEAR || VERSION in metaOf(body);
}

/** HTTP status of an error that the server found before it ran anything. */
const HEADER_MISMATCH = -32020;
const STATUS: Readonly<Record<number, number>> = {
  [-32600]: 400,
  [-32601]: 404,
  [-32602]: 400,
  [HEADER_MISMATCH]: 400,
  [-32021]: 400,
  [-32022]: 400,
};
const statusOf = (code: unknown): number => (typeof code === "number" && STATUS[code]) || 200;

/** 2026-07-28 keeps nothing between requests: one process serves all of them, each under an id of ours. */
export function createModernBridge() {
  const child = spawnFixture("stdio.ts");
  const open = new Map<string, Exchange>();
  let last = 0;

  onMessages(child, (message) => {
    for (const exchange of recipients(message, open)) exchange.take(message);
  });

  // the first request decides what a connection speaks; then nothing can turn it back
  writeMessage(child, { jsonrpc: "2.0", id: "opening", method: "tools/list", params: OPENING });

  return {
    async handle({ headers }: IncomingMessage, response: ServerResponse, body: unknown) {
      if (!isRecord(body)) return;
      const mismatch = headerMismatch(headers, body);
      if (mismatch !== undefined) return sendJson(response, 400, mismatch);
      if (!("id" in body)) {
        writeMessage(child, body);
        response.writeHead(202).end();
        return;
      }
      const id = `bridge-${++last}`;
      const exchange = createExchange(body, response, () => open.delete(id));
      open.set(id, exchange);
      response.once("close", () => {
        if (!open.delete(id)) return;
        const params = { requestId: id };
        writeMessage(child, { jsonrpc: "2.0", method: "notifications/cancelled", params });
      });
      writeMessage(child, renamed(body, id));
      await exchange.done;
    },
    close: () => endChild(child),
  };
}

/** The request under another id; its progress token is the id too, so that reports find their way. */
function renamed(body: Message, id: string): Message {
  const meta = metaOf(body);
  if (!("progressToken" in meta) || !isRecord(body.params)) return { ...body, id };
  return { ...body, id, params: { ...body.params, _meta: { ...meta, progressToken: id } } };
}

function recipients(message: Message, open: ReadonlyMap<string, Exchange>): Exchange[] {
  const params = isRecord(message.params) ? message.params : {};
  const key = message.id ?? params.progressToken ?? metaOf(message)[SUBSCRIPTION];
  if (key !== undefined) return [open.get(String(key))].filter((found) => found !== undefined);
  return [...open.values()].filter((exchange) => exchange.wantsLog);
}

interface Exchange {
  wantsLog: boolean;
  done: Promise<void>;
  take(message: Message): void;
}

/** One request and what the server says of it: JSON when that is its answer alone, else a stream. */
function createExchange(body: Message, response: ServerResponse, settle: () => void): Exchange {
  const meta = metaOf(body);
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
    response.once("close", resolve);
  });
  const stream = (message: Message) => {
    if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
  };
  return {
    wantsLog: `${PREFIX}/logLevel` in meta,
    done,
    take(message) {
      if ("method" in message) return stream(restored(message, body.id, meta.progressToken));
      settle();
      const answer = { ...message, id: body.id };
      if (response.headersSent) {
        stream(answer);
        response.end();
      } else {
        const code = isRecord(message.error) ? message.error.code : undefined;
        sendJson(response, statusOf(code), JSON.stringify(answer));
      }
      finish();
    },
  };
}

/** A notification with the ids that the client knows. */
function restored(message: Message, id: unknown, progressToken: unknown): Message {
  const params = isRecord(message.params) ? { ...message.params } : {};
  if ("progressToken" in params) params.progressToken = progressToken;
  if (SUBSCRIPTION in metaOf(message)) params._meta = { ...metaOf(message), [SUBSCRIPTION]: id };
  return { ...message, params };
}

/** stdio has no headers, so it is here that they are held against the body. */
function headerMismatch(headers: IncomingHttpHeaders, body: Message): string | undefined {
  const params = isRecord(body.params) ? body.params : {};
  const expected: [header: string, value: unknown][] = [
    ["mcp-protocol-version", metaOf(body)[VERSION]],
    ["mcp-method", body.method],
    ["mcp-name", params.name ?? params.uri],
  ];
  const wrong = expected.find(
    ([header, value]) =>
      value !== undefined && headers[header] !== undefined && headers[header] !== value,
  );
  if (!wrong) return undefined;
  const message = `Header ${wrong[0]} does not match the body`;
  return JSON.stringify({
    jsonrpc: "2.0",
    id: body.id ?? null,
    error: { code: HEADER_MISMATCH, message },
  });
}
