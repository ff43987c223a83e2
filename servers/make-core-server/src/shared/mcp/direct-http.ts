// Copied from shared/mcp/direct-http.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { afterTurn } from "#shared/core/after-turn.ts";
import type { Instance, JsonObject, Principal, ServerModule } from "#shared/core/contract.ts";
import { type Answers, liveAnswers } from "./answers.ts";
import { ANY_CLIENT, askUntilDone } from "./ask-by-push.ts";
import { type DirectHost, directCall } from "./direct-call.ts";
import { type Hot, type HotCall, LEGACY_VERSIONS, MODERN_VERSION, readHot } from "./hot.ts";
import { endWhenStalled, sendJson } from "./node-http.ts";
import { answerPlain } from "./plain.ts";
import type { Push } from "./push.ts";

/** Milliseconds without an answer after which a call becomes a stream, so that no proxy gives up on it. */
const SILENCE_MS = 10_000;
/** Milliseconds between the comments that keep a stream alive. */
const KEEP_ALIVE_MS = 15_000;
const MISSING_CAPABILITY = -32021;

const JSON_TYPES = new Set([
  "application/json",
  "application/json; charset=utf-8",
  "application/json;charset=utf-8",
]);
const LEGACY: ReadonlySet<string | undefined> = new Set([undefined, ...LEGACY_VERSIONS]);

/** A header of this form is not the name itself: it has to be decoded first. */
const isEncoded = (name: string) => name.startsWith("=?");

/** Whether the headers say what the body says, in their ordinary form; if not, the SDK decides. */
export function headersAgree(hot: Hot, headers: IncomingHttpHeaders): boolean {
  const accept = headers.accept ?? "";
  if (!JSON_TYPES.has(headers["content-type"]?.toLowerCase() ?? "")) return false;
  if (!accept.includes("application/json") || !accept.includes("text/event-stream")) return false;
  const version = headers["mcp-protocol-version"];
  if (hot.method === "initialize" || !hot.envelope)
    return LEGACY.has(version as string | undefined);
  if (version !== MODERN_VERSION || headers["mcp-method"] !== hot.method) return false;
  return hot.method !== "tools/call" || (headers["mcp-name"] === hot.name && !isEncoded(hot.name));
}

export interface DirectHttp {
  /** Answers the message if it is of the ordinary form, else returns undefined and has done nothing. */
  handle(
    message: unknown,
    headers: IncomingHttpHeaders,
    response: ServerResponse,
    signal: AbortSignal,
    principal?: Principal,
  ): Promise<void> | undefined;
}

export function createDirectHttp(
  module: ServerModule,
  instance: Instance,
  push: Push | undefined,
): DirectHttp {
  const answers = liveAnswers(module, instance);
  return {
    handle: (message, headers, response, signal, principal) => {
      const hot = readHot(message);
      if (!hot || !headersAgree(hot, headers)) return undefined;
      if (hot.method === "tools/call")
        return answerCall({ module, instance, answers, push, principal }, hot, response, signal);
      sendJson(response, 200, answerPlain(answers, hot));
      return Promise.resolve();
    },
  };
}

interface Serving {
  module: ServerModule;
  instance: Instance;
  answers: Answers;
  push: Push | undefined;
  principal: Principal | undefined;
}

async function answerCall(
  { module, instance, answers, push, principal }: Serving,
  call: HotCall,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const modern = call.envelope !== undefined;
  const stream = createStream(response);
  let silence: NodeJS.Timeout | undefined;
  const disarm = afterTurn(() => {
    silence = setTimeout(stream.open, SILENCE_MS);
  });
  const send = (message: JsonObject) => stream.write(JSON.stringify(message));
  const host: DirectHost = {
    signal,
    principal,
    canAsk: modern || push !== undefined,
    logging: module.features.logging,
    // without a session a client of 2025 cannot say which level it wants
    logLevel: "debug",
    logger: module.name,
    send: (notification) => send({ jsonrpc: "2.0", ...notification }),
    ...(!modern && push && { client: ANY_CLIENT }),
  };
  try {
    let outcome = await directCall(instance, call, host);
    if (!modern && push)
      outcome = await askUntilDone({ instance, call, host, push, send }, outcome);
    if (signal.aborted) return;
    const body = answers.call(call.id, outcome, modern);
    const status = modern && outcome.error?.code === MISSING_CAPABILITY ? 400 : 200;
    if (stream.isOpen()) stream.end(body);
    else sendJson(response, status, body);
  } finally {
    disarm();
    clearTimeout(silence);
    stream.stop();
  }
}

/** Server-sent events on a response, begun only when there is something to say before the result. */
function createStream(response: ServerResponse) {
  let keepAlive: NodeJS.Timeout | undefined;
  const open = () => {
    if (keepAlive || response.headersSent || response.destroyed) return;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    response.flushHeaders();
    endWhenStalled(response);
    keepAlive = setInterval(() => response.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
  };
  // what a handler still has to say after its result is said to nobody
  const write = (message: string) => {
    open();
    if (response.destroyed || response.writableEnded) return;
    response.write(`event: message\ndata: ${message}\n\n`);
  };
  return {
    open,
    isOpen: () => keepAlive !== undefined,
    write,
    end: (message: string) => {
      write(message);
      response.end();
    },
    stop: () => clearInterval(keepAlive),
  };
}
