import type { Readable } from "node:stream";
import { type Dispatcher, Pool } from "undici";
import { ToolError } from "#shared/core/errors.ts";
import { MAX_MESSAGE_BYTES } from "../link/lines.ts";
import { MountError } from "../mounts/mount-error.ts";
import { requestHeaders } from "./http-headers.ts";
import { eventReader } from "./sse.ts";
import { tooLong } from "./stdio-wire.ts";
import { isObject, type Message, parseMessage, type RequestOptions, type Wire } from "./wire.ts";

export interface HttpWireOptions {
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Called when the server cannot be reached, or has forgotten us. */
  onDoubt(reason: string): void;
  onGone(error: Error): void;
}

/** Connections of one mount. */
const MAX_CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 10_000;
/** Milliseconds between two tries to listen to a server of 2025. */
const LISTEN_AGAIN_MS = 5_000;

const SESSION = "mcp-session-id";

type Answer = Dispatcher.ResponseData;

/** Streamable HTTP of both eras, over connections that belong to one mount alone. */
export function httpWire({ url, headers, onDoubt, onGone }: HttpWireOptions): Wire {
  // calls have deadlines of their own
  const pool = new Pool(url.origin, {
    connections: MAX_CONNECTIONS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const closing = new AbortController();
  const path = url.pathname + url.search;
  let take = (_: Message) => {};
  let version: string | undefined;
  let isModern = false;
  let session: string | undefined;

  const common = () => ({
    ...headers,
    accept: "application/json, text/event-stream",
    ...(version !== undefined && { "mcp-protocol-version": version }),
    ...(session !== undefined && { [SESSION]: session }),
  });

  async function post(message: Message, own: object, signal: AbortSignal): Promise<Answer> {
    try {
      return await pool.request({
        path,
        method: "POST",
        headers: { ...common(), "content-type": "application/json", ...own },
        body: JSON.stringify(message),
        signal: AbortSignal.any([signal, closing.signal]),
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      onDoubt("it could not be reached");
      throw unreachable(error);
    }
  }

  /** Before 2026-07-28 a stream that closes says nothing: the server has to be told. */
  function tellCancelled(id: unknown): void {
    const params = { requestId: id, reason: "Nobody waits for it any longer" };
    const message = { jsonrpc: "2.0", method: "notifications/cancelled", params };
    void post(message, {}, closing.signal)
      .then(({ body }) => body.dump())
      .catch(() => {});
  }

  async function request(message: Message, options: RequestOptions): Promise<Message> {
    if (!version || isModern) return exchange(message, options);
    const onAbort = () => tellCancelled(message.id);
    options.signal.addEventListener("abort", onAbort, { once: true });
    return exchange(message, options).finally(() =>
      options.signal.removeEventListener("abort", onAbort),
    );
  }

  async function exchange(message: Message, options: RequestOptions): Promise<Message> {
    const claimed = claimedVersion(message);
    const own = {
      ...requestHeaders(message),
      ...(claimed !== undefined && { "mcp-protocol-version": claimed }),
      ...options.headers,
    };
    const answer = await post(message, own, options.signal);
    const given = answer.headers[SESSION];
    if (message.method === "initialize" && typeof given === "string") session = given;
    const found = await readAnswer(answer, message.id, options.onMessage).catch((error) => {
      options.signal.throwIfAborted();
      throw error;
    });
    if (found) return found;
    if (answer.statusCode === 404 && session !== undefined)
      onGone(new MountError("the server has forgotten the session"));
    throw refusal(answer.statusCode);
  }

  /** A server of 2025 tells what changed on a stream of its own, when it has one. */
  async function listen(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const { signal } = closing;
        const answer = await pool.request({ path, method: "GET", headers: common(), signal });
        const isStream = answer.statusCode === 200 && isEventStream(answer);
        if (isStream) await readEvents(answer.body, (message) => take(message));
        else await answer.body.dump();
        if (!isStream) return;
      } catch {
        // tried again: calls tell whether the server is gone
      }
      await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS).unref());
    }
  }

  return {
    request,
    send: async (message) => {
      const answer = await post(message, requestHeaders(message), closing.signal);
      await answer.body.dump();
    },
    onMessage: (taken) => {
      take = taken;
    },
    agreed: (chosen, modern) => {
      version = chosen;
      isModern = modern;
      if (!modern) void listen();
    },
    close: async () => {
      if (session !== undefined) {
        const ended = pool.request({ path, method: "DELETE", headers: common() });
        await ended.then(({ body }) => body.dump()).catch(() => {});
      }
      closing.abort();
      await pool.destroy();
    },
  };
}

function claimedVersion({ params }: Message): string | undefined {
  const meta = isObject(params) && isObject(params._meta) ? params._meta : {};
  const claimed = meta["io.modelcontextprotocol/protocolVersion"];
  return typeof claimed === "string" ? claimed : undefined;
}

const isEventStream = ({ headers }: Pick<Answer, "headers">) =>
  String(headers["content-type"]).startsWith("text/event-stream");

/** The message that answers; those before it are handed on. Undefined when there is none. */
async function readAnswer(
  answer: Answer,
  id: unknown,
  onMessage: (message: Message) => void,
): Promise<Message | undefined> {
  if (!isEventStream(answer)) {
    const message = parseMessage(await readText(answer.body));
    return message && "method" in message ? undefined : message;
  }
  let found: Message | undefined;
  await readEvents(answer.body, (message) => {
    if ("method" in message) onMessage(message);
    else if (message.id === id) {
      found = message;
      answer.body.destroy();
    }
  }).catch((error: unknown) => {
    if (!found) throw error;
  });
  return found;
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_MESSAGE_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function readEvents(body: Readable, onMessage: (message: Message) => void): Promise<void> {
  const read = eventReader(MAX_MESSAGE_BYTES, onMessage);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    try {
      read(chunk);
    } catch (error) {
      throw error instanceof RangeError ? tooLong() : error;
    }
  }
}

const unreachable = (cause: unknown) =>
  new ToolError("UNAVAILABLE", "The server could not be reached. Try again in a second.", {
    details: { reason: "server_unreachable", retryAfterSeconds: 1 },
    cause,
  });

/** What a status says that comes without a message. */
function refusal(status: number): Error {
  if (status === 401 || status === 403) {
    return new MountError(
      `the server refuses the credentials (HTTP ${status}): see "headers" of its entry`,
    );
  }
  if (status === 429)
    return new ToolError("RATE_LIMITED", "The server takes no more calls just now.", {
      details: { reason: "busy", retryAfterSeconds: 1 },
    });
  const code = status >= 500 ? "UNAVAILABLE" : "API_ERROR";
  return new ToolError(code, `The server answered with HTTP ${status} and no message.`, {
    details: { reason: "bad_answer", status },
  });
}
