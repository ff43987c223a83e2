// Copied from shared/testing/http.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { request as nodeRequest } from "node:http";
import type { JsonObject } from "#shared/core/contract.ts";
import { type Era, eventMessages, headersFor, paramsFor, parseMessage } from "./messages.ts";
import { type ProcessOptions, type ServerProcess, startProcess } from "./process.ts";
import { PATIENCE_MS } from "./within.ts";

export interface RawHttp extends ServerProcess {
  /** Where MCP is, such as "http://127.0.0.1:41234/mcp". */
  readonly url: string;
  /** A request of MCP as clients of the era send it; the whole answer, an error too. */
  request(era: Era, method: string, params?: JsonObject): Promise<JsonObject>;
  /** Sends a body as it is to MCP. */
  post(body: string, headers?: Record<string, string>): Promise<Response>;
  /** A request of any kind to any path, also with headers that `fetch` keeps for itself. */
  ask(path: string, options?: AskOptions): Promise<PlainResponse>;
}

export interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface PlainResponse {
  status: number;
  body: string;
}

/** Starts a server over HTTP on a free port and waits until it listens. */
export async function startHttp(options: Partial<ProcessOptions> = {}): Promise<RawHttp> {
  const { env, ...rest } = options;
  const server = startProcess({ entry: "dist/http.js", ...rest, env: { PORT: "0", ...env } });
  const line = await server.stderr.find(
    (text) => listeningUrl(text) !== undefined,
    "The line that says where the server listens",
  );
  const url = listeningUrl(line) ?? "";
  const post: RawHttp["post"] = (body, headers = {}) =>
    fetch(url, {
      method: "POST",
      headers: { ...headersFor("legacy", ""), ...headers },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  return {
    ...server,
    url,
    post,
    request: (era, method, params) => requestOver(post, era, method, params),
    ask: (path, asked) => ask(new URL(path, url), asked),
  };
}

function listeningUrl(line: string): string | undefined {
  try {
    const { msg, url } = JSON.parse(line);
    return msg === "listening" && typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}

async function requestOver(
  post: RawHttp["post"],
  era: Era,
  method: string,
  given: JsonObject = {},
): Promise<JsonObject> {
  const params = paramsFor(era, given);
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await post(body, headersFor(era, method, params));
  const text = await response.text();
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  const messages = isStream ? eventMessages(text) : [parseMessage(text)];
  const answer = messages.find((message) => message?.id === 1);
  if (!answer) throw new Error(`${method}: HTTP ${response.status} without an answer: ${text}`);
  return answer;
}

/** `node:http`, because `fetch` does not let a Host header through. */
function ask(url: URL, { method = "GET", headers = {}, body }: AskOptions = {}) {
  return new Promise<PlainResponse>((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const request = nodeRequest(url, { method, headers, signal, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.once("error", reject);
    });
    request.once("error", reject);
    request.end(body);
  });
}
