// Copied from shared/mcp/direct-http.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { afterTurn } from "#shared/core/after-turn.ts";
import type {
  ClientInfo,
  Instance,
  JsonObject,
  Principal,
  ServerModule,
} from "#shared/core/contract.ts";
import { isAborted, type Waited } from "#shared/core/leaving.ts";
import { MISSING_CAPABILITY } from "#shared/core/rpc-codes.ts";
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
    leaving: Waited,
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
    handle: (message, headers, response, leaving, principal) => {
      const hot = readHot(message);
      if (!hot || !headersAgree(hot, headers)) return undefined;
      if (hot.method === "tools/call")
        return answerCall({ module, instance, answers, push, principal }, hot, response, leaving);
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
  leaving: Waited,
): Promise<void> {
  const modern = call.envelope !== undefined;
  const host = new HttpCall(response, leaving, module, principal, modern || push !== undefined);
  if (!modern && push) host.client = ANY_CLIENT;
  try {
    let outcome = await directCall(instance, call, host);
    if (!modern && push) {
      const send = (message: JsonObject) => host.write(JSON.stringify(message));
      outcome = await askUntilDone({ instance, call, host, push, send }, outcome);
    }
    if (isAborted(leaving)) return;
    const body = answers.call(call.id, outcome, modern);
    const status = modern && outcome.error?.code === MISSING_CAPABILITY ? 400 : 200;
    if (host.isOpen) host.end(body);
    else sendJson(response, status, body);
  } finally {
    host.stop();
  }
}

/**
 * One call over HTTP. Its server-sent events begin only when there is something to say before the
 * result, or when it is silent for long.
 */
class HttpCall implements DirectHost {
  declare client?: ClientInfo;
  readonly principal: Principal | undefined;
  readonly canAsk: boolean;
  readonly logging: boolean;
  // without a session a client of 2025 cannot say which level it wants
  readonly logLevel = "debug";
  readonly logger: string;
  readonly #response: ServerResponse;
  readonly #leaving: Waited;
  readonly #disarm: () => void;
  #silence: NodeJS.Timeout | undefined;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(
    response: ServerResponse,
    leaving: Waited,
    module: ServerModule,
    principal: Principal | undefined,
    canAsk: boolean,
  ) {
    this.#response = response;
    this.#leaving = leaving;
    this.principal = principal;
    this.canAsk = canAsk;
    this.logging = module.features.logging;
    this.logger = module.name;
    this.#disarm = afterTurn(() => {
      this.#silence = setTimeout(() => this.#open(), SILENCE_MS);
    });
  }

  get signal(): AbortSignal {
    return this.#leaving.signal;
  }
  get isAborted(): boolean {
    return isAborted(this.#leaving);
  }
  get isOpen(): boolean {
    return this.#keepAlive !== undefined;
  }

  send(notification: { method: string; params: JsonObject }): void {
    this.write(JSON.stringify({ jsonrpc: "2.0", ...notification }));
  }

  // what a handler still has to say after its result is said to nobody
  write(message: string): void {
    const response = this.#response;
    this.#open();
    if (response.destroyed || response.writableEnded) return;
    response.write(`event: message\ndata: ${message}\n\n`);
  }

  end(message: string): void {
    this.write(message);
    this.#response.end();
  }

  stop(): void {
    this.#disarm();
    clearTimeout(this.#silence);
    clearInterval(this.#keepAlive);
  }

  #open(): void {
    const response = this.#response;
    if (this.#keepAlive || response.headersSent || response.destroyed) return;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    response.flushHeaders();
    endWhenStalled(response);
    this.#keepAlive = setInterval(() => response.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
  }
}
