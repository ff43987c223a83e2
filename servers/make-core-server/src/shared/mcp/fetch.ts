// Copied from shared/mcp/fetch.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { parseConfig } from "#shared/core/config.ts";
import type { JsonObject, ServerEvent, ServerModule } from "#shared/core/contract.ts";
import { emptyConfig } from "#shared/core/definition.ts";
import { createLog } from "#shared/core/log.ts";
import { SERVER_ERROR } from "#shared/core/rpc-codes.ts";
import { originHeaders, preflightHeaders } from "./cors.ts";
import {
  accessPolicy,
  checkAccess,
  MAX_BODY_BYTES,
  parseBody,
  type Refusal,
  refusalBody,
} from "./guards.ts";
import { isListen } from "./listen.ts";
import { Listeners } from "./listeners.ts";
import { sdkHttp } from "./sdk.ts";

const json = (status: number, body: string, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers: { "content-type": "application/json", ...headers } });

const refused = (refusal: Refusal, code?: number, headers?: Record<string, string>) =>
  json(refusal.status, refusalBody(refusal, code), headers);

/** The web-standard face of a server. The host's router decides which names reach it: set ALLOWED_HOSTS to narrow them. */
export async function createFetch(
  module: ServerModule,
): Promise<(request: Request) => Promise<Response>> {
  const { values, secrets } = parseConfig(emptyConfig, process.env);
  const log = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: module.name } });
  const events: { publish?(event: ServerEvent): void } = {};
  const instance = await module.open({
    env: process.env,
    onEvent: (event) => events.publish?.(event),
  });
  const sdk = sdkHttp(module, instance, (error) =>
    log.debug("The protocol refused a message", { reason: error.message }),
  );
  events.publish = sdk.publish;
  const policy = accessPolicy(
    values.HOST ?? "0.0.0.0",
    values.ALLOWED_HOSTS,
    values.ALLOWED_ORIGINS,
  );
  const listeners = new Listeners();

  return async (request) => {
    const url = new URL(request.url);
    const { headers } = request;
    const origin = headers.get("origin");
    const refusal = checkAccess(policy, headers.get("host") ?? url.host, origin ?? undefined);
    if (refusal) return refused(refusal);
    if (origin === null) return answer(request, url);
    const preflight = preflightHeaders({
      method: request.method,
      wanted: headers.get("access-control-request-method"),
      headers: headers.get("access-control-request-headers"),
    });
    const response = preflight
      ? new Response(null, { status: 204, headers: preflight })
      : await answer(request, url);
    for (const [name, value] of Object.entries(originHeaders(origin)))
      response.headers.set(name, value);
    return response;
  };

  async function answer(request: Request, url: URL): Promise<Response> {
    if (url.pathname === "/health") return json(200, '{"status":"ok"}');
    if (url.pathname === "/ready") {
      const report = await instance.health();
      return json(report.status === "failing" ? 503 : 200, JSON.stringify(report));
    }
    if (url.pathname !== "/mcp") return json(404, '{"error":"Not found. MCP is at /mcp."}');
    if (request.method !== "POST") {
      return refused(
        { status: 405, message: "Method not allowed: this server keeps no sessions, send POST" },
        SERVER_ERROR,
        { allow: "POST" },
      );
    }
    const text = await readText(request);
    if (text === undefined)
      return refused({ status: 413, message: `The body is larger than ${MAX_BODY_BYTES} bytes` });
    const body = parseBody(text);
    if ("refusal" in body) return refused(body.refusal, body.code);
    if (isListen(body.value)) return listen(request, body.value);
    return sdk.fetch(withoutBody(request, request.signal), body.value);
  }

  async function listen(request: Request, body: JsonObject): Promise<Response> {
    const place = listeners.enter(body, undefined);
    if (place.refusal) return refused(place.refusal, place.refusal.code, place.refusal.headers);
    const ended = new AbortController();
    const signal = AbortSignal.any([request.signal, ended.signal]);
    signal.addEventListener("abort", place.leave);
    if (signal.aborted) place.leave();
    const response = await sdk.fetch(withoutBody(request, signal), body);
    return whenEnded(response, () => ended.abort());
  }
}

const withoutBody = ({ url, headers }: Request, signal: AbortSignal) =>
  new Request(url, { method: "POST", headers, signal });

/** The same answer, which says when its body has ended or is not read any more: not all hosts abort the request. */
function whenEnded(response: Response, end: () => void): Response {
  if (!response.ok || !response.body) {
    end();
    return response;
  }
  const reader = response.body.getReader();
  reader.closed.then(end, end);
  const body = new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, response);
}

/** The body, or undefined when it is over the limit; it is read no further than that. */
async function readText(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return undefined;
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
