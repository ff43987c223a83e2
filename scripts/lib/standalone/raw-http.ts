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

function connect(url: string, headersFor: (method: string) => Record<string, string>): Connection {
  let lastId = 0;
  return {
    async request(method, params) {
      lastId += 1;
      const message = { jsonrpc: "2.0", id: lastId, method, params };
      const { text, isStream } = await post(url, headersFor(method), message);
      const messages: unknown[] = isStream ? eventMessages(text) : [JSON.parse(text)];
      const answer = messages.find((each) => isRecord(each) && each.id === message.id);
      return resultOf(answer, message.id, method);
    },
    async notify(method, params) {
      const message = { jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) };
      await post(url, headersFor(method), message);
    },
  };
}

/** A client of 2025-11-25: it names the version in a header once that is settled. */
export function connectHttp2025(url: string): Connection {
  return connect(url, (method) =>
    method === "initialize" ? {} : { "mcp-protocol-version": oldVersion },
  );
}

/** A client of 2026-07-28: version and method are in headers as well as in the body. */
export function connectHttp2026(url: string): Connection {
  return connect(url, (method) => ({ "mcp-protocol-version": newVersion, "mcp-method": method }));
}
