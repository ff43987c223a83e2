// Copied from shared/mcp/http-server.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { Leaving, type Waited } from "#shared/core/leaving.ts";
import { StartError } from "#shared/core/lifecycle.ts";
import { INTERNAL_ERROR } from "#shared/core/rpc-codes.ts";
import { limitConnections, type SenderOf } from "./connection-places.ts";
import { type AccessPolicy, checkAccess } from "./guards.ts";
import { answerOrigin, refuse } from "./node-http.ts";

/** Milliseconds. A client that sends slowly, or nothing, holds a socket no longer than this. */
export const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** Longer than the 60 s of common load balancers, so that it is they who close idle connections. */
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
};
const MAX_HEADER_BYTES = 16 * 1024;
/** Milliseconds in which a connection that is kept open may be used once more when the server leaves. */
const KEPT_MS = 1_000;
/** Turns of the event loop that are looked at for an idle one, and what counts as one. */
const MAX_TURNS = 200;
const IDLE_TURN_MS = 0.2;
export const MAX_CONNECTIONS = 4_096;

export type RouteHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  leaving: Waited,
) => Promise<void> | void;

export interface HttpServer {
  readonly address: AddressInfo;
  /**
   * Goes on as before for `leaveMs`, so that whoever balances the load can move on. Then it stops
   * accepting, and each answer ends its connection; a kept one that is idle may be used once more, so
   * that none is closed under a request on its way. Waits up to `drainMs` for requests in flight.
   */
  close(drainMs: number, leaveMs?: number): Promise<void>;
}

export interface ListenOptions {
  host: string;
  port: number;
  policy: AccessPolicy;
  handle: RouteHandler;
  onError(error: unknown): void;
  timeouts?: typeof TIMEOUTS;
  maxConnections?: number;
  /** Whose a connection is, of which one sender has so many at most. */
  senderOf?: SenderOf;
}

/**
 * Listens, and lets nothing pass to `handle` that the access policy refuses; pages of the origins that
 * it allows can read every answer. Throws a StartError.
 */
export async function listen({
  host,
  port,
  policy,
  handle,
  onError,
  timeouts = TIMEOUTS,
  maxConnections = MAX_CONNECTIONS,
  senderOf,
}: ListenOptions): Promise<HttpServer> {
  const running = new Set<ServerResponse>();
  let tellIdle = () => {};
  let closing = false;
  const server = createServer(
    {
      ...timeouts,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      if (closing) endConnection(response);
      void serve(request, response);
    },
  );
  server.maxConnections = maxConnections;
  limitConnections(server, senderOf);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const leaving = new Leaving();
    running.add(response);
    response.on("close", () => {
      if (!response.writableFinished)
        leaving.abort(new DOMException("The client left", "AbortError"));
    });
    try {
      const { host: name, origin } = request.headers;
      const refusal = checkAccess(policy, name, origin);
      if (refusal) {
        request.resume();
        refuse(response, refusal);
      } else if (origin !== undefined && answerOrigin(request, response, origin)) request.resume();
      else await handle(request, response, leaving);
    } catch (error) {
      if (leaving.isAborted) return;
      onError(error);
      if (response.headersSent) response.destroy();
      else refuse(response, { status: 500, message: "Internal error" }, INTERNAL_ERROR);
    } finally {
      running.delete(response);
      if (running.size === 0) tellIdle();
    }
  }

  await start(server, host, port);
  return {
    address: server.address() as AddressInfo,
    close: async (drainMs, leaveMs = 0) => {
      if (leaveMs > 0) {
        await setTimeout(leaveMs);
        await idleTurn();
      }
      closing = true;
      for (const response of running) endConnection(response);
      // the close of http.Server would close idle connections at once
      const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
      if (leaveMs > 0) await Promise.race([closed, setTimeout(KEPT_MS, undefined, { ref: false })]);
      server.closeIdleConnections();
      const ended = new Promise<void>((resolve) => {
        tellIdle = resolve;
        if (running.size === 0) resolve();
      });
      await Promise.race([ended, setTimeout(drainMs, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * A turn of the event loop that had next to nothing to do, if there is one soon. What the kernel has
 * accepted and we have not is lost when the port closes: right after such a turn it is nothing.
 */
async function idleTurn(): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const begun = performance.now();
    await setImmediate();
    if (performance.now() - begun < IDLE_TURN_MS) return;
  }
}

/** Its answer says that the connection ends with it. */
function endConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}

function start(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(startError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function startError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new StartError(
      `Port ${port} on ${host} is taken. Set PORT to another one, or 0 for any that is free.`,
    );
  }
  if (error.code === "EACCES")
    return new StartError(
      `Port ${port} needs more rights than this user has. Set PORT above 1023.`,
    );
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return new StartError(`This machine has no address ${host}. Set HOST to 127.0.0.1 or 0.0.0.0.`);
  }
  return error;
}
