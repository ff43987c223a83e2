// Copied from shared/mcp/node-http.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { originHeaders, preflightHeaders } from "./cors.ts";
import { MAX_BODY_BYTES, type Refusal, refusalBody } from "./guards.ts";

/** Bytes of a body that is too large that are still read and dropped, so that the sender sees the 413. */
export const MAX_DRAINED_BYTES = 16 * MAX_BODY_BYTES;

/** The body as text, or undefined when it is over `limit` bytes; then the rest has been drained. */
export function readBody(
  request: IncomingMessage,
  limit = MAX_BODY_BYTES,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isWhole = false;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size > MAX_DRAINED_BYTES) {
        resolve(undefined);
        request.destroy();
      }
    });
    request.on("end", () => {
      isWhole = true;
      const [only] = chunks;
      const body = chunks.length === 1 && only ? only : Buffer.concat(chunks);
      resolve(size <= limit ? body.toString("utf8") : undefined);
    });
    request.on("error", reject);
    // a client that leaves in the middle; an error for each of the others would cost as much as a call
    request.on("close", () => {
      if (!isWhole) reject(new Error("The request ended before its body did"));
    });
  });
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers?: Record<string, string>,
): void {
  const length = Buffer.byteLength(body);
  const own = { "content-type": "application/json", "content-length": length };
  response.writeHead(status, headers ? { ...own, ...headers } : own);
  response.end(body);
}

export function refuse(
  response: ServerResponse,
  refusal: Refusal,
  code?: number,
  headers?: Record<string, string>,
): void {
  sendJson(response, refusal.status, refusalBody(refusal, code), headers);
}

/** Lets a page of this origin read the answer. True when it only asked what it may send, and has its answer. */
export function answerOrigin(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  origin: string,
): boolean {
  response.setHeaders(new Map(Object.entries(originHeaders(origin))));
  const preflight = preflightHeaders({
    method,
    wanted: headers["access-control-request-method"],
    headers: headers["access-control-request-headers"],
  });
  if (preflight) response.writeHead(204, preflight).end();
  return preflight !== undefined;
}

/** The request as the web has it, without its body; `signal` aborts when the client leaves. */
export function toWebRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) headers.append(name, one);
  }
  return new Request(`http://${request.headers.host}${request.url}`, {
    method: request.method ?? "GET",
    headers,
    signal,
  });
}

/**
 * Milliseconds that the reader of a stream may take nothing. Longer than the time between two comments
 * that keep a stream alive, which a client that reads takes at once.
 */
export const STALL_MS = 45_000;

/** Ends a stream whose reader takes nothing: what it is sent would be kept for as long as it stays. */
export function endWhenStalled(response: ServerResponse, limitMs = STALL_MS): void {
  response.setTimeout(limitMs, () => response.destroy());
}

/** Sends a web response; when the client leaves, or reads no longer, its body is cancelled. */
export async function sendWebResponse(
  response: ServerResponse,
  web: Response,
  stallMs?: number,
): Promise<void> {
  response.writeHead(web.status, Object.fromEntries(web.headers));
  if (!web.body) {
    response.end();
    return;
  }
  endWhenStalled(response, stallMs);
  response.flushHeaders();
  // a client that leaves in the middle is not an error of ours
  await pipeline(Readable.fromWeb(web.body as ReadableStream), response).catch(() => {});
}
