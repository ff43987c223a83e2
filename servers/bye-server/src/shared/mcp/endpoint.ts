// Copied from shared/mcp/endpoint.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Instance, Log, Principal, ServerEvent, ServerModule } from "#shared/core/contract.ts";
import type { Waited } from "#shared/core/leaving.ts";
import { SERVER_ERROR } from "#shared/core/rpc-codes.ts";
import { createDirectHttp } from "./direct-http.ts";
import { MAX_BODY_BYTES, parseBody } from "./guards.ts";
import { isListen } from "./listen.ts";
import { Listeners } from "./listeners.ts";
import { readBody, refuse, sendWebResponse, toWebRequest } from "./node-http.ts";
import type { Push } from "./push.ts";
import type { SdkHttp } from "./sdk.ts";

/** One MCP address of a `node:http` server: what stands at `/mcp`, or at `/{server}/mcp` of a gateway. */
export interface Endpoint {
  /** `principal` is whose request it is, where that is known: every call has it in its context. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    leaving: Waited,
    principal?: Principal,
  ): Promise<void>;
  publish(event: ServerEvent): void;
  /** Ends the streams that would stay open for ever: before requests in flight are waited for. */
  endStreams(): Promise<void>;
  close(): Promise<void>;
}

export interface EndpointOptions {
  /** Asks clients of 2025 on the stream of their call; absent: they are not asked. One may serve many endpoints. */
  push?: Push | undefined;
  /** Places of those who listen for changes; several endpoints may share them. */
  listeners?: Listeners;
}

/** `instance` may be of another copy of this code: only the contract is used. */
export function createEndpoint(
  module: ServerModule,
  instance: Instance,
  log: Log,
  { push, listeners = new Listeners() }: EndpointOptions = {},
): Endpoint {
  const direct = createDirectHttp(module, instance, push);
  let loading: Promise<SdkHttp> | undefined;
  const sdk = () => {
    loading ??= import("./sdk.ts").then(({ sdkHttp }) =>
      sdkHttp(module, instance, (error) =>
        log.debug("The protocol refused a message", { reason: error.message }),
      ),
    );
    return loading;
  };

  return {
    handle: async (request, response, leaving, principal) => {
      if (request.method !== "POST") {
        request.resume();
        refuse(
          response,
          { status: 405, message: "Method not allowed: this server keeps no sessions, send POST" },
          SERVER_ERROR,
          { allow: "POST" },
        );
        return;
      }
      const text = await readBody(request);
      if (text === undefined) {
        refuse(
          response,
          { status: 413, message: `The body is larger than ${MAX_BODY_BYTES} bytes` },
          SERVER_ERROR,
          { connection: "close" },
        );
        return;
      }
      const body = parseBody(text);
      if ("refusal" in body) {
        refuse(response, body.refusal, body.code);
        return;
      }
      const taken = push?.take(body.value, principal?.id);
      if (taken && (await taken)) {
        response.writeHead(202).end();
        return;
      }
      if (isListen(body.value)) {
        const place = listeners.enter(body.value, principal);
        if (place.refusal) {
          const { code, headers } = place.refusal;
          return refuse(response, place.refusal, code, headers);
        }
        response.once("close", place.leave);
      }
      const answered = direct.handle(body.value, request.headers, response, leaving, principal);
      if (answered !== undefined) return answered;
      const { fetch } = await sdk();
      const web = toWebRequest(request, leaving.signal);
      await sendWebResponse(response, await fetch(web, body.value, principal));
    },
    publish: (event) => void loading?.then(({ publish }) => publish(event)),
    endStreams: async () => (await loading)?.endStreams(),
    close: async () => (await loading)?.close(),
  };
}
