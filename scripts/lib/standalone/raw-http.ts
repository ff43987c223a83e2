import { isRecord } from "../unknown.ts";
import { type Connection, newVersion, oldVersion, type Result, resultOf } from "./raw-client.ts";

/** The messages in an event stream: what follows "data:", lines of one event joined. */
export function eventMessages(stream: string): unknown[] {
  const events = stream.split(/\r?\n\r?\n/).map((event) =>
    event
      .split(/\r?\n/)
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice(5).replace(/^ /, ""))
      .join("\n"),
  );
  return events.filter((data) => data !== "").map((data) => JSON.parse(data) as unknown);
}

async function post(url: string, headers: Record<string, string>, message: Result) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${String(message.method)}: HTTP ${response.status} ${text}`);
  return {
    text,
    isStream: /^text\/event-stream\b/.test(response.headers.get("content-type") ?? ""),
  };
}

type Headers = Record<string, string>;

function connect(
  url: string,
  always: Headers,
  headersFor: (method: string, params: Result) => Headers,
): Connection {
  let lastId = 0;
  const send = (message: Result, method: string, params: Result = {}) =>
    post(url, { ...always, ...headersFor(method, params) }, message);
  return {
    async request(method, params) {
      lastId += 1;
      const message = { jsonrpc: "2.0", id: lastId, method, params };
      const { text, isStream } = await send(message, method, params);
      const messages: unknown[] = isStream ? eventMessages(text) : [JSON.parse(text)];
      const answer = messages.find((each) => isRecord(each) && each.id === message.id);
      return resultOf(answer, message.id, method);
    },
    async notify(method, params) {
      await send({ jsonrpc: "2.0", method, ...(params && { params }) }, method, params);
    },
  };
}

/** A client of 2025-11-25: it names the version in a header once that is settled. */
export function connectHttp2025(url: string, headers: Headers = {}): Connection {
  return connect(
    url,
    headers,
    (method): Headers => (method === "initialize" ? {} : { "mcp-protocol-version": oldVersion }),
  );
}

/** A client of 2026-07-28: version, method and name are in headers as well as in the body. */
export function connectHttp2026(url: string, headers: Headers = {}): Connection {
  return connect(url, headers, (method, { name }) => ({
    "mcp-protocol-version": newVersion,
    "mcp-method": method,
    ...(typeof name === "string" && { "mcp-name": name }),
  }));
}
