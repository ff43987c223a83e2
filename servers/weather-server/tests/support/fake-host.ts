import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { weightOf } from "../../src/upstream/weight.ts";
import { geocode } from "./gazetteer.ts";
import { weatherGov } from "./nws-host.ts";
import { answerFor, type Reply, type World } from "./synthetic.ts";

/** How the host misbehaves. */
export type Fault =
  | Reply
  | "slow"
  | "cut-off"
  | "wrong-json"
  | "not-json"
  | "fifty-megabytes"
  | "hang-up";

export interface FakeHost {
  url: string;
  /** Environment of a server that asks here and nowhere else. */
  env: Record<string, string>;
  world: World;
  requests: string[];
  /** What a request did that the real host forbids. */
  violations: string[];
  /** Every request ends in this, `times` of them. */
  fail(fault: Fault, times?: number): void;
  /** Answers this path with a recording. */
  record(path: string, body: unknown): void;
  mostAtOnce: number;
  close(): Promise<void>;
}

/** Free limits: weight in a minute, hour and day of the host's own clock. */
const LIMITS = [
  [60_000, 600],
  [3_600_000, 5_000],
  [86_400_000, 10_000],
] as const;
const BIG = 50 * 1024 * 1024;
const AGENT = /^\S+ \(\S+\)$/;
const HOLD_MS = 3;

function weightOfRequest(path: string, params: URLSearchParams): number {
  const places = (params.get("latitude") ?? "0").split(",").length;
  const listed = ["current", "minutely_15", "hourly", "daily"].flatMap(
    (block) => params.get(block)?.split(",") ?? [],
  );
  const start = Date.parse(params.get("start_date") ?? "");
  const days = Number.isNaN(start)
    ? Number(params.get("forecast_days") ?? 1) + Number(params.get("past_days") ?? 0)
    : (Date.parse(params.get("end_date") ?? "") - start) / 86_400_000 + 1;
  const models = params.get("models")?.split(",").length ?? 1;
  const copies = path === "/v1/ensemble" ? 51 : models;
  return weightOf({ places, variables: listed.length * copies, days });
}

export async function startFakeHost(now: Date): Promise<FakeHost> {
  const recordings = new Map<string, unknown>();
  const spent = new Map<string, number>();
  let fault: { what: Fault; left: number } | undefined;
  let running = 0;

  function check(request: IncomingMessage, url: URL, isNws: boolean): void {
    const { violations, world } = host;
    if (request.url?.includes("+")) violations.push(`+ in ${request.url}`);
    if (isNws && !AGENT.test(request.headers["user-agent"] ?? "")) violations.push("no User-Agent");
    if (running > 1) violations.push(`${running} requests at once`);
    if (isNws) return;
    const weight = weightOfRequest(url.pathname, url.searchParams);
    for (const [ms, max] of LIMITS) {
      const key = `${ms}:${Math.floor(world.now.getTime() / ms)}`;
      spent.set(key, (spent.get(key) ?? 0) + weight);
      if ((spent.get(key) ?? 0) > max) violations.push(`over ${max} in ${ms} ms`);
    }
  }

  function answer(url: URL, isNws: boolean): Reply {
    const recorded = recordings.get(url.pathname);
    if (recorded !== undefined) return { status: 200, body: recorded };
    if (isNws) return weatherGov(url.pathname, url.searchParams);
    if (url.pathname === "/v1/search" || url.pathname === "/v1/get")
      return geocode(url.pathname, url.searchParams);
    return answerFor(url.pathname, url.searchParams, host.world);
  }

  function misbehave(what: Fault, response: ServerResponse): void {
    if (typeof what === "object") send(response, what);
    else if (what === "hang-up") response.socket?.destroy();
    else if (what === "not-json") response.end("<html>Bad gateway</html>");
    else if (what === "wrong-json") response.end('{"surprise":[1,2,3]}');
    else if (what === "fifty-megabytes") response.end(Buffer.alloc(BIG, " "));
    else if (what === "cut-off") {
      response.setHeader("content-length", "1000");
      response.write('{"latitude":1');
      setTimeout(() => response.socket?.destroy(), HOLD_MS);
    }
    // "slow" never answers
  }

  function send(response: ServerResponse, { status, body }: Reply): void {
    const type = status >= 400 ? "application/problem+json" : "application/json";
    response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://host");
    const isNws = !url.pathname.startsWith("/v1/");
    running += 1;
    host.mostAtOnce = Math.max(host.mostAtOnce, running);
    host.requests.push(`${url.pathname}${url.search}`);
    response.once("close", () => {
      running -= 1;
    });
    check(request, url, isNws);
    const wrong = fault && fault.left > 0 ? fault : undefined;
    if (wrong) wrong.left -= 1;
    // held for a moment, so that requests that run at once are seen to
    setTimeout(
      () => (wrong ? misbehave(wrong.what, response) : send(response, answer(url, isNws))),
      HOLD_MS,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const host: FakeHost = {
    url,
    env: { OPEN_METEO_URL: url, NWS_URL: url },
    world: { now, zones: {}, missing: new Set(), horizonDays: 400, polar: undefined },
    requests: [],
    violations: [],
    mostAtOnce: 0,
    fail: (what, times = Number.POSITIVE_INFINITY) => {
      fault = { what, left: times };
    },
    record: (path, body) => void recordings.set(path, body),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return host;
}
