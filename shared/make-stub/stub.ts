import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Denial, STUB_TOKEN, StubDenial } from "./denial.ts";
import { gate } from "./gate.ts";
import { createLimit } from "./limit.ts";
import { findRoute } from "./routes.ts";
import { createWorld, type World } from "./world.ts";

/** When the synthetic organisation is looked at. */
export const STUB_NOW = new Date("2026-11-20T00:00:00.000Z");
export const STUB_ORGANIZATION = 101;
export const STUB_TEAM = 201;

export type Plan = "Core" | "Teams" | "Enterprise";

export interface StubOptions {
  /** Core has no audit log (402), only Enterprise has analytics (403 or 402) and functions. */
  plan?: Plan;
  /** Refuse what the scopes of the token do not cover, as Make does (403 SC403). */
  scopes?: readonly string[];
  /** Refuse what needs another role than a member's (403 IM002). */
  role?: "owner" | "member";
  /** Requests a window; 429 without Retry-After past it. */
  limit?: number;
  windowMs?: number;
  /** Answers instead of the stub; undefined leaves it to the stub, whose answer is `usual`. */
  intercept?: (request: StubRequest, usual: () => StubAnswer) => StubAnswer | undefined;
}

export interface StubRequest {
  method: string;
  /** Without /api/v2. */
  path: string;
  query: URLSearchParams;
  body: unknown;
}

export interface StubAnswer {
  status?: number;
  /** A string is sent as text. */
  body: unknown;
}

export interface MakeStub {
  /** For MAKE_ZONE. */
  url: string;
  /** What a server needs to ask this stub. */
  env: Record<string, string>;
  world: World;
  /** "METHOD /path?query", in the order of arrival. */
  requests: string[];
  /** Bodies of what changed something, in order. */
  writes: StubRequest[];
  /** Most requests that arrived in any one window. */
  worst(): number;
  /** When each request came, milliseconds since some moment. */
  arrivals(): readonly number[];
  /** How many were refused with 429. */
  refused(): number;
  options: StubOptions;
  close(): Promise<void>;
}

const BASE = "/api/v2";

/** Starts a Make of one organisation on this machine. */
export async function startMakeStub(options: StubOptions = {}): Promise<MakeStub> {
  const world = createWorld();
  const limit = createLimit(options.limit ?? Number.POSITIVE_INFINITY, options.windowMs ?? 60_000);
  const requests: string[] = [];
  const writes: StubRequest[] = [];

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", "http://stub");
    const method = incoming.method ?? "GET";
    const path = url.pathname.startsWith(`${BASE}/`) ? url.pathname.slice(BASE.length) : "";
    const body = await readBody(incoming);
    const request: StubRequest = {
      method,
      path: decodeURIComponent(path),
      query: url.searchParams,
      body,
    };
    requests.push(`${method} ${request.path}${decodeURIComponent(url.search)}`);
    const { status = 200, body: out } = limit.take()
      ? respond(request, incoming.headers.authorization)
      : deny({
          status: 429,
          message: "Requests limit for organization exceeded, please try again later.",
        });
    const isText = typeof out === "string";
    response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" });
    response.end(isText ? out : JSON.stringify(out));
  }

  function respond(request: StubRequest, authorization: string | undefined): StubAnswer {
    const usual = () => answerAsMake(request, authorization);
    return options.intercept?.(request, usual) ?? usual();
  }

  function answerAsMake(request: StubRequest, authorization: string | undefined): StubAnswer {
    const denied = gate(request, authorization, options);
    if (denied) return deny(denied);
    if (request.method !== "GET") writes.push(request);
    try {
      return (
        findRoute(request, world) ?? deny({ status: 404, code: "SC404", message: "Not found" })
      );
    } catch (error) {
      if (error instanceof StubDenial) return deny(error.denial);
      throw error;
    }
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: String(error), code: "STUB" }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: {
      MAKE_API_TOKEN: STUB_TOKEN,
      MAKE_ZONE: url,
      MAKE_ORGANIZATION: String(STUB_ORGANIZATION),
      MAKE_TEAM: String(STUB_TEAM),
    },
    world,
    requests,
    writes,
    worst: limit.worst,
    arrivals: limit.all,
    refused: limit.refused,
    options,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const deny = ({ status, ...body }: Denial): StubAnswer => ({ status, body });

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
