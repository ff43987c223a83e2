import { Pool } from "undici";
import { MountError } from "../mounts/mount-error.ts";
import {
  type Answer,
  isEventStream,
  readAnswer,
  readEvents,
  refusal,
  unreachable,
} from "./http-answer.ts";
import { claimedVersion, requestHeaders } from "./http-headers.ts";
import type { Message, RequestOptions, Wire } from "./wire.ts";

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
/** Milliseconds that a server of 2025 may take to hear that its session ends. */
const END_SESSION_MS = 2_000;

const SESSION = "mcp-session-id";

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
      closing.abort();
      if (session !== undefined) {
        const signal = AbortSignal.timeout(END_SESSION_MS);
        const ended = pool.request({ path, method: "DELETE", headers: common(), signal });
        await ended.then(({ body }) => body.dump()).catch(() => {});
      }
      await pool.destroy();
    },
  };
}
