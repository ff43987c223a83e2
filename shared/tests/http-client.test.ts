import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import net from "node:net";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { createHttpClient } from "#shared/http-client/client.ts";
import { MAX_DESCRIPTION_CHARS } from "#shared/http-client/errors.ts";
import {
  BACKOFF_BASE_MS,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_MAX_REDIRECTS,
  DEFAULT_MAX_RESPONSE_BYTES,
  DEFAULT_MAX_RETRY_AFTER_MS,
  type HttpClientOptions,
  type Time,
} from "#shared/http-client/options.ts";

type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  count: number,
) => void;

const toClose: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A real server that counts what it sees; `count` is the number of the request, from 1. */
async function serve(handler: Handler) {
  const seen = { requests: 0, sockets: 0 };
  const server = http.createServer((request, response) => {
    seen.requests += 1;
    handler(request, response, seen.requests);
  });
  server.on("connection", () => {
    seen.sockets += 1;
  });
  const port = await listen(server);
  toClose.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${port}`, seen };
}

/** Waits take no time and are written down; the clock moves by them. */
function fakeTime(random = 0.5): Time & { waits: number[] } {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    random: () => random,
    async sleep(ms) {
      waits.push(ms);
      now += ms;
    },
  };
}

function open(options: HttpClientOptions = {}) {
  const client = createHttpClient({ time: fakeTime(), ...options });
  toClose.push(() => client.close());
  return client;
}

async function failure(promise: Promise<unknown>): Promise<ToolError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}

function body(request: http.IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** Says back what arrived. */
const echo: Handler = (request, response) => {
  void body(request).then((text) => {
    const { method, url, headers } = request;
    response.setHeader("content-type", "application/json");
    response.setHeader("x-page", "7");
    response.end(JSON.stringify({ method, url, headers, text }));
  });
};

const Echo = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  text: z.string(),
});

describe("a request", () => {
  test("goes below the base URL with the query, and gives status, headers and JSON", async () => {
    const { url } = await serve(echo);
    const client = open({
      baseUrl: `${url}/api/v2/`,
      headers: { "X-Api-Key": "k", Accept: "text/csv" },
    });
    const response = await client.request("/things?a=1", {
      query: { b: "x y", list: [1, 2], none: undefined, no: null },
      headers: { accept: "application/json" },
    });
    const seen = response.json(Echo);
    expect([response.status, response.headers["x-page"]]).toEqual([200, "7"]);
    expect(seen.url).toBe("/api/v2/things?a=1&b=x+y&list=1&list=2");
    expect(seen.headers).toMatchObject({ "x-api-key": "k", accept: "application/json" });
  });

  test("sends JSON with its type, and a body of its own as it is", async () => {
    const { url } = await serve(echo);
    const client = open({ baseUrl: url });
    const posted = await client.json("/", { method: "POST", json: { a: [1] }, parser: Echo });
    expect(posted).toMatchObject({ method: "POST", text: '{"a":[1]}' });
    expect(posted.headers["content-type"]).toBe("application/json");
    const put = await client.json("/", { method: "PUT", body: "a=1", parser: Echo });
    expect(put.text).toBe("a=1");
  });

  test("keeps the client's headers from any origin but the base's", async () => {
    const home = await serve(echo);
    const other = await serve(echo);
    const client = open({ baseUrl: home.url, headers: { authorization: "Bearer abcdef" } });
    expect((await client.json(home.url, { parser: Echo })).headers.authorization).toBe(
      "Bearer abcdef",
    );
    expect((await client.json(other.url, { parser: Echo })).headers.authorization).toBeUndefined();
  });

  test("that is answered without JSON, or in another shape, names the endpoint", async () => {
    const { url } = await serve((_request, response) => response.end('{"a":'));
    const bad = await failure(open().json(`${url}/x?q=1`));
    expect(bad).toMatchObject({
      code: "API_ERROR",
      message: expect.stringMatching(/^GET 127\.0\.0\.1:\d+\/x answered with/),
    });
    const shape = await serve((_request, response) => response.end("[]"));
    expect(await failure(open().json(shape.url, { parser: Echo }))).toMatchObject({
      code: "API_ERROR",
    });
  });

  test("of HEAD, 204 and 304 has an empty body", async () => {
    const { url } = await serve((request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      response.setHeader("content-encoding", "gzip").end();
    });
    const client = open();
    for (const [method, status] of [
      ["HEAD", 200],
      ["GET", 204],
      ["GET", 304],
    ] as const) {
      const response = await client.request(`${url}/${status}`, { method });
      expect([response.status, response.bytes.length]).toEqual([status, 0]);
    }
  });
});

describe("a retry", () => {
  /** Fails with `status` until request `good`. */
  const failing =
    (status: number, good = 2, headers = {}): Handler =>
    (_request, response, count) => {
      if (count >= good) response.end("ok");
      else response.writeHead(status, headers).end("x".repeat(1000));
    };

  test.each([429, 502, 503, 504])("follows %i, on the same connection", async (status) => {
    const { url, seen } = await serve(failing(status));
    expect((await open({ connectionsPerOrigin: 1 }).request(url)).text()).toBe("ok");
    expect(seen).toEqual({ requests: 2, sockets: 1 });
  });

  test.each([400, 401, 404, 409, 500, 501])("does not follow %i", async (status) => {
    const { url, seen } = await serve(failing(status));
    await failure(open().request(url));
    expect(seen.requests).toBe(1);
  });

  test.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] as const)(
    "is made for %s unless forbidden",
    async (method) => {
      const { url, seen } = await serve(failing(503));
      await failure(open().request(url, { method, idempotent: false }));
      expect(seen.requests).toBe(1);
      await open().request(url, { method });
      expect(seen.requests).toBe(2);
      const again = await serve(failing(503));
      await open().request(again.url, { method });
      expect(again.seen.requests).toBe(2);
    },
  );

  test.each(["POST", "PATCH"] as const)(
    "is made for %s only when marked, with the same body",
    async (method) => {
      const texts: string[] = [];
      const { url } = await serve((request, response, count) => {
        void body(request).then((text) => {
          texts.push(text);
          response.writeHead(count === 2 ? 503 : count === 1 ? 503 : 200).end();
        });
      });
      await failure(open().request(url, { method, json: 1 }));
      expect(texts).toEqual(["1"]);
      await open().request(url, { method, json: 2, idempotent: true });
      expect(texts).toEqual(["1", "2", "2"]);
    },
  );

  test("ends after the last attempt with the last answer", async () => {
    const time = fakeTime();
    const last = await serve(failing(503, DEFAULT_MAX_ATTEMPTS));
    await open({ time }).request(last.url);
    expect(time.waits).toHaveLength(DEFAULT_MAX_ATTEMPTS - 1);
    const { url, seen } = await serve(failing(503, DEFAULT_MAX_ATTEMPTS + 1));
    const error = await failure(open().request(url));
    expect(error).toMatchObject({ code: "API_ERROR", details: { status: 503 } });
    expect(seen.requests).toBe(DEFAULT_MAX_ATTEMPTS);
    const once = await serve(failing(503));
    await failure(open({ maxAttempts: 1 }).request(once.url));
    expect(once.seen.requests).toBe(1);
  });

  test("follows a reset before the headers and one in the middle of the body, not for POST", async () => {
    for (const start of ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"]) {
      const { url, seen } = await serve((_request, response, count) => {
        if (count % 2 === 0) response.end("ok");
        else response.socket?.write(start, () => response.socket?.resetAndDestroy());
      });
      expect((await open().request(url)).text()).toBe("ok");
      expect(seen.requests).toBe(2);
      const error = await failure(open().request(url, { method: "POST", body: "x" }));
      expect(error.code).toBe("UNAVAILABLE");
      expect(seen.requests).toBe(3);
    }
  });

  test("follows a refused connection and ends as UNAVAILABLE", async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const time = fakeTime();
    expect((await failure(open({ time }).request(`http://127.0.0.1:${port}/`))).code).toBe(
      "UNAVAILABLE",
    );
    expect(time.waits).toHaveLength(DEFAULT_MAX_ATTEMPTS - 1);
  });

  test("follows a name that does not resolve and ends as UNAVAILABLE", async () => {
    const time = fakeTime();
    expect((await failure(open({ time }).request("http://nowhere.invalid/"))).code).toBe(
      "UNAVAILABLE",
    );
    expect(time.waits).toHaveLength(DEFAULT_MAX_ATTEMPTS - 1);
  });

  test("waits between nothing and a bound that doubles", async () => {
    const { url } = await serve(failing(503, 9));
    for (const random of [0, 0.999]) {
      const time = fakeTime(random);
      await failure(open({ time, maxAttempts: 4 }).request(url));
      expect(time.waits).toEqual([1, 2, 4].map((factor) => BACKOFF_BASE_MS * factor * random));
    }
  });

  test("never waits into the deadline", async () => {
    const { url } = await serve(failing(503, 99));
    const first = BACKOFF_BASE_MS / 2;
    const at = fakeTime();
    expect((await failure(open({ time: at, deadlineMs: first }).request(url))).code).toBe(
      "API_ERROR",
    );
    expect(at.waits).toEqual([]);
    const over = fakeTime();
    await failure(open({ time: over, deadlineMs: 60_000, maxAttempts: 99 }).request(url));
    expect(over.waits.length).toBeGreaterThan(3);
    expect(over.waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(60_000);
  });
});

describe("Retry-After", () => {
  const asking =
    (value: string, status = 429): Handler =>
    (_request, response, count) => {
      if (count > 1) response.end("ok");
      else response.writeHead(status, { "retry-after": value }).end();
    };
  const cap = DEFAULT_MAX_RETRY_AFTER_MS / 1_000;

  test.each([429, 503])("in seconds is waited for after %i, up to the cap", async (status) => {
    const time = fakeTime();
    const { url } = await serve(asking(String(cap), status));
    await open({ time }).request(url);
    expect(time.waits).toEqual([DEFAULT_MAX_RETRY_AFTER_MS]);
  });

  test("as a date is waited for until then", async () => {
    const time = fakeTime();
    const { url } = await serve(asking(new Date(time.now() + 3_000).toUTCString()));
    await open({ time }).request(url);
    expect(time.waits).toEqual([3_000]);
  });

  test.each(["0", "soon", "-5", new Date(0).toUTCString()])(
    "%s leaves the backoff",
    async (value) => {
      const time = fakeTime();
      const { url } = await serve(asking(value));
      await open({ time }).request(url);
      expect(time.waits).toEqual([BACKOFF_BASE_MS / 2]);
    },
  );

  test.each([429, 503])("over the cap is reported after %i and not waited for", async (status) => {
    for (const value of [
      String(cap + 1),
      new Date(fakeTime().now() + (cap + 1) * 1_000).toUTCString(),
    ]) {
      const time = fakeTime();
      const { url, seen } = await serve(asking(value, status));
      const error = await failure(open({ time }).request(url));
      expect(error).toMatchObject({
        code: "RATE_LIMITED",
        details: { retryAfterSeconds: cap + 1, status },
      });
      expect(error.message).toContain(`Try again in ${cap + 1} s`);
      expect([time.waits, seen.requests]).toEqual([[], 1]);
    }
  });

  test("over the deadline is reported and not waited for", async () => {
    const time = fakeTime();
    const { url } = await serve(asking("5", 503));
    const error = await failure(open({ time, deadlineMs: 5_000 }).request(url));
    expect(error).toMatchObject({ code: "RATE_LIMITED", details: { retryAfterSeconds: 5 } });
    expect(time.waits).toEqual([]);
  });

  test("is told to a caller whose request is not repeated", async () => {
    const { url } = await serve(asking("5"));
    const error = await failure(open().request(url, { method: "POST" }));
    expect(error).toMatchObject({ code: "RATE_LIMITED", details: { retryAfterSeconds: 5 } });
  });
});

describe("a call ends", () => {
  const silent: Handler = () => {};
  const half: Handler = (_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
  };

  /** With a time that was over before a request came, as it is on a machine that stops, it is tried again. */
  const untilArrived = async (
    seen: { requests: number },
    attempt: (ms: number) => Promise<void>,
  ) => {
    for (const ms of [60, 600, 6_000]) if (seen.requests === 0) await attempt(ms);
  };

  test.each([
    ["headers", silent],
    ["body", half],
  ] as const)("at its deadline while it waits for %s", async (_name, handler) => {
    const { url, seen } = await serve(handler);
    await untilArrived(seen, async (deadlineMs) => {
      const error = await failure(open().request(url, { deadlineMs }));
      expect(error).toMatchObject({ code: "TIMEOUT", details: { deadlineMs } });
      expect(error.message).toMatch(/^GET 127\.0\.0\.1:\d+\/ /);
    });
    expect(seen.requests).toBe(1);
  });

  test.each([
    ["headers", silent],
    ["body", half],
  ] as const)("when %s come too slowly, without another attempt", async (_name, handler) => {
    const { url, seen } = await serve(handler);
    await untilArrived(seen, async (ms) => {
      const client = open({ headersTimeoutMs: ms, bodyTimeoutMs: ms });
      expect((await failure(client.request(url))).code).toBe("TIMEOUT");
    });
    expect(seen.requests).toBe(1);
  });

  test("when the handshake comes too slowly, after all attempts", async () => {
    let sockets = 0;
    const server = net.createServer((socket) => {
      sockets += 1;
      socket.on("error", () => {});
      toClose.push(() => socket.destroy());
    });
    toClose.push(() => new Promise((resolve) => server.close(resolve)));
    const port = await listen(server);
    const error = await failure(
      open({ connectTimeoutMs: 60 }).request(`https://127.0.0.1:${port}/`),
    );
    expect(error.code).toBe("TIMEOUT");
    await expect.poll(() => sockets).toBe(DEFAULT_MAX_ATTEMPTS);
  });

  test("in the queue for a connection, at its deadline", async () => {
    const { url, seen } = await serve(silent);
    const client = open({ connectionsPerOrigin: 1 });
    await untilArrived(seen, async (deadlineMs) => {
      const calls = [1, 2, 3].map(() => failure(client.request(url, { deadlineMs })));
      const errors = await Promise.all(calls);
      expect(errors.map((error) => error.code)).toEqual(["TIMEOUT", "TIMEOUT", "TIMEOUT"]);
    });
    expect(seen.requests).toBe(1);
  });

  test.each([
    ["headers", silent],
    ["body", half],
  ] as const)(
    "when its caller aborts during %s, and the server sees it",
    async (_name, handler) => {
      const controller = new AbortController();
      const gone = new Promise((resolve) => {
        void serve((request, response, count) => {
          response.on("close", resolve);
          handler(request, response, count);
          setTimeout(() => controller.abort(), 20);
        }).then(({ url }) => {
          called = failure(open().request(url, { signal: controller.signal }));
          return called.then(resolve);
        });
      });
      let called: Promise<ToolError> | undefined;
      await gone;
      expect((await called)?.code).toBe("CANCELLED");
    },
  );

  test("before it starts when its caller has aborted, with the caller's own error if it is one", async () => {
    const { url, seen } = await serve(echo);
    expect((await failure(open().request(url, { signal: AbortSignal.abort() }))).code).toBe(
      "CANCELLED",
    );
    const own = new ToolError("TIMEOUT", "The tool took too long.");
    expect(await failure(open().request(url, { signal: AbortSignal.abort(own) }))).toBe(own);
    expect(seen.requests).toBe(0);
  });

  test("in the middle of a wait when its caller aborts", async () => {
    const controller = new AbortController();
    const { url, seen } = await serve((_request, response) => {
      response
        .writeHead(503, { "retry-after": "9" })
        .end(() => setTimeout(() => controller.abort(), 20));
    });
    const client = createHttpClient();
    toClose.push(() => client.close());
    expect((await failure(client.request(url, { signal: controller.signal }))).code).toBe(
      "CANCELLED",
    );
    expect(seen.requests).toBe(1);
  });
});

describe("the size of a response", () => {
  const size = 1_000;
  const sending =
    (bytes: Buffer, headers: http.OutgoingHttpHeaders = {}, status = 200): Handler =>
    (_request, response) => {
      response.writeHead(status, headers);
      response.end(bytes);
    };
  const packers = [
    ["none", (bytes: Buffer) => bytes],
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const;

  test.each(packers)("may be the cap and not a byte more, encoding %s", async (encoding, pack) => {
    const headers = encoding === "none" ? {} : { "content-encoding": encoding };
    const fits = await serve(sending(pack(Buffer.alloc(size, "a")), headers));
    const client = open({ maxResponseBytes: size });
    for (const _time of [1, 2])
      expect((await client.request(fits.url)).text()).toBe("a".repeat(size));
    const over = await serve(sending(pack(Buffer.alloc(size + 1, "a")), headers));
    const error = await failure(client.request(over.url));
    expect(error).toMatchObject({
      code: "API_ERROR",
      message: expect.stringContaining(`more than ${size} bytes`),
    });
    expect(over.seen.requests).toBe(1);
  });

  test("is bounded at the default too, and in chunks without a length", async () => {
    for (const [extra, ok] of [
      [0, true],
      [1, false],
    ] as const) {
      const { url } = await serve((_request, response) => {
        response.write(Buffer.alloc(DEFAULT_MAX_RESPONSE_BYTES));
        response.end(Buffer.alloc(extra));
      });
      const result = await open()
        .request(url)
        .then(
          () => true,
          () => false,
        );
      expect(result).toBe(ok);
    }
  });

  test("of a gzip bomb is refused while it unfolds", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const { url } = await serve(sending(bomb, { "content-encoding": "gzip" }));
    const before = process.memoryUsage.rss();
    expect((await failure(open().request(url))).code).toBe("API_ERROR");
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  });

  test("of an error does not hide its status", async () => {
    const { url } = await serve(sending(Buffer.alloc(size + 1), {}, 404));
    expect((await failure(open({ maxResponseBytes: size }).request(url))).code).toBe("NOT_FOUND");
  });

  test("of damaged gzip or an unknown encoding is an API_ERROR", async () => {
    for (const encoding of ["gzip", "br", "compress"]) {
      const { url } = await serve(
        sending(Buffer.from("not packed"), { "content-encoding": encoding }),
      );
      expect((await failure(open().request(url))).code).toBe("API_ERROR");
    }
  });
});

describe("a redirect", () => {
  /** /3 leads to /2 ... /0. */
  const chain: Handler = (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) echo(request, response, 0);
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  };

  test("is followed up to the limit and no further", async () => {
    const { url } = await serve(chain);
    const headers = { authorization: "Bearer abcdef" };
    const end = await open().json(`${url}/${DEFAULT_MAX_REDIRECTS}`, { headers, parser: Echo });
    expect(end).toMatchObject({ url: "/0", headers });
    const error = await failure(open().request(`${url}/${DEFAULT_MAX_REDIRECTS + 1}`));
    expect(error).toMatchObject({ code: "API_ERROR", message: expect.stringContaining("302") });
    expect((await failure(open({ maxRedirects: 0 }).request(`${url}/1`))).code).toBe("API_ERROR");
  });

  test("of POST becomes GET after 303 and stays POST after 307", async () => {
    for (const [status, method, text] of [
      [303, "GET", ""],
      [307, "POST", "1"],
    ] as const) {
      const { url } = await serve((request, response, count) => {
        if (request.url === "/end") echo(request, response, count);
        else response.writeHead(status, { location: "/end" }).end();
      });
      expect(await open().json(url, { method: "POST", json: 1, parser: Echo })).toMatchObject({
        method,
        text,
      });
    }
  });

  test("in a loop ends", async () => {
    const { url, seen } = await serve((request, response) => {
      response.writeHead(302, { location: request.url === "/a" ? "/b" : "/a" }).end();
    });
    const error = await failure(open().request(`${url}/a`));
    expect(error).toMatchObject({ code: "API_ERROR", message: expect.stringContaining("loop") });
    expect(seen.requests).toBe(2);
  });

  test.each(["GET", "POST"] as const)(
    "of %s to another origin is refused, and that origin sees nothing",
    async (method) => {
      const other = await serve(echo);
      const { url } = await serve((_request, response) => {
        response.writeHead(307, { location: `${other.url}/x?key=canary` }).end();
      });
      const error = await failure(
        open({ headers: { "x-api-key": "abcdef" } }).request(url, { method }),
      );
      expect(error).toMatchObject({
        code: "API_ERROR",
        message: expect.stringContaining(other.url),
      });
      expect(error.message).not.toContain("canary");
      expect(other.seen.sockets).toBe(0);
    },
  );

  test("to nowhere is an API_ERROR", async () => {
    for (const location of ["http://", "file:///etc/passwd", undefined]) {
      const { url } = await serve((_request, response) => {
        response.writeHead(302, location === undefined ? {} : { location }).end();
      });
      expect((await failure(open().request(url))).code).toBe("API_ERROR");
    }
  });
});

describe("an error", () => {
  const answering =
    (status: number, text = ""): Handler =>
    (_request, response) => {
      response.writeHead(status).end(text);
    };

  test.each([
    [400, "API_ERROR"],
    [401, "PERMISSION_DENIED"],
    [403, "PERMISSION_DENIED"],
    [404, "NOT_FOUND"],
    [409, "CONFLICT"],
    [418, "API_ERROR"],
    [429, "RATE_LIMITED"],
    [500, "API_ERROR"],
    [503, "API_ERROR"],
  ] as const)("of status %i is %s and names method, host and path", async (status, code) => {
    const { url } = await serve(answering(status));
    const error = await failure(open().request(`${url}/a/b?c=d`));
    const endpoint = `${new URL(url).host}/a/b`;
    expect(error).toMatchObject({ code, details: { status, method: "GET", endpoint } });
    expect(error.message).toMatch(`GET ${endpoint} answered ${status}. `);
  });

  test("takes code, words and details from the API's own shape, cut at the limit", async () => {
    const { url } = await serve(
      answering(400, JSON.stringify({ reason: "x".repeat(MAX_DESCRIPTION_CHARS + 1) })),
    );
    const shape = z.object({ reason: z.string() });
    const error = await failure(
      open({
        describeError(status, value) {
          return {
            code: "VALIDATION_ERROR",
            message: shape.parse(value).reason,
            details: { seen: status },
          };
        },
      }).request(url),
    );
    expect(error).toMatchObject({ code: "VALIDATION_ERROR", details: { seen: 400, status: 400 } });
    expect(error.message.match(/x+/)?.[0]).toHaveLength(MAX_DESCRIPTION_CHARS);
    const plain = await serve(answering(400, "oops"));
    expect(
      (
        await failure(
          open({ describeError: (_status, value) => ({ message: String(value) }) }).request(
            plain.url,
          ),
        )
      ).message,
    ).toContain(": oops");
    const throwing = open({
      describeError: (_status, value) => ({ message: shape.parse(value).reason }),
    });
    expect((await failure(throwing.request(plain.url))).details.status).toBe(400);
  });

  test.each([
    [429, false, "GET", 1],
    [429, undefined, "GET", DEFAULT_MAX_ATTEMPTS],
    [500, true, "GET", DEFAULT_MAX_ATTEMPTS],
    [500, undefined, "GET", 1],
    [500, true, "POST", 1],
  ] as const)(
    "of %i that the API calls transient: %s is tried by %s %i times",
    async (status, transient, method, times) => {
      const { url, seen } = await serve(answering(status));
      await failure(open({ describeError: () => ({ transient }) }).request(url, { method }));
      expect(seen.requests).toBe(times);
    },
  );

  test("comes from what stands before an attempt, when that throws; it is asked before each", async () => {
    const { url, seen } = await serve(answering(503));
    let asked = 0;
    const beforeAttempt = () => {
      asked += 1;
      if (asked === 2) throw new ToolError("RATE_LIMITED", "Enough.");
    };
    expect(await failure(open().request(url, { beforeAttempt }))).toMatchObject({
      code: "RATE_LIMITED",
    });
    expect([asked, seen.requests]).toEqual([2, 1]);
  });

  test("of an answer that is not HTTP is an API_ERROR, of a bad header a VALIDATION_ERROR", async () => {
    const { url } = await serve((_request, response) => response.socket?.end("nonsense\r\n\r\n"));
    expect((await failure(open().request(url))).code).toBe("API_ERROR");
    const bad = await failure(
      open().request(url, { headers: { authorization: "canary\r\nx: y" } }),
    );
    expect(bad.code).toBe("VALIDATION_ERROR");
    expect(JSON.stringify([bad.message, bad.details, String(bad.cause)])).not.toContain("canary");
  });
});

describe("a secret", () => {
  const canary = 'c&n/a ry"é%41';
  const forms = [
    canary,
    encodeURIComponent(canary),
    encodeURI(canary),
    JSON.stringify(canary).slice(1, -1),
  ];

  /** Every text that could leave with the error, causes included. */
  function textOf(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    const details = error instanceof ToolError ? JSON.stringify(error.details) : "";
    return [
      error.message,
      error.stack,
      details,
      error.cause === undefined ? "" : textOf(error.cause),
    ].join("\n");
  }

  const repeating: Handler = (request, response) => {
    const how = request.url?.split("/").at(-1)?.split("?")[0];
    const said = `${request.headers.authorization} ${request.headers["x-api-key"]} ${request.headers.cookie} ${request.headers["x-auth-token"]} http://h/p${request.url}`;
    if (how === "reset") response.socket?.resetAndDestroy();
    else if (how === "hang") return;
    else if (how === "nonsense") response.socket?.end(`HTTP/1.1 ${said}\r\n\r\n`);
    else if (how === "json") response.end(said);
    else if (how === "shape") response.end(JSON.stringify({ said, forms }));
    else if (how === "redirect")
      response
        .writeHead(302, { location: `http://user:hidden-word@localhost:1/?q=${said.length}` })
        .end();
    else
      response
        .writeHead(Number(how), { "retry-after": "99" })
        .end(JSON.stringify({ said, query: request.url, forms }));
  };

  test.each(["400", "401", "429", "503", "reset", "hang", "nonsense", "json", "shape", "redirect"])(
    "never leaves with a failure: %s",
    async (how) => {
      const { url } = await serve(repeating);
      const client = open({
        baseUrl: url,
        secrets: [canary],
        headers: {
          Authorization: "Bearer header-word",
          "X-Api-Key": "key-word",
          Cookie: "a=cookie-word",
        },
        describeError: (_status, value) => ({
          message: `${JSON.stringify(value)} ${forms.join(" ")}`,
          details: { value, [canary]: forms },
        }),
      });
      const error = await failure(
        client.json(`/${encodeURIComponent(canary)}/${how}`, {
          query: { token: "query-word", plain: canary },
          deadlineMs: how === "hang" ? 60 : 10_000,
          headers: { "X-Auth-Token": "token-word" },
          parser: {
            parse(value: unknown) {
              throw new Error(JSON.stringify(value));
            },
          },
        }),
      );
      const text = textOf(error);
      for (const word of [
        ...forms,
        "header-word",
        "key-word",
        "cookie-word",
        "token-word",
        "query-word",
        "hidden-word",
      ]) {
        expect(text).not.toContain(word);
      }
      expect(text).toContain("[redacted]");
    },
  );
});

describe("a caller's signal", () => {
  test("is let go of when the call is over, and a deadline may be endless", async () => {
    const { url } = await serve(echo);
    const { signal } = new AbortController();
    await open().request(url, { signal, deadlineMs: Number.POSITIVE_INFINITY });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("connections", () => {
  test("are kept, also after errors, and bounded", async () => {
    const { url, seen } = await serve((request, response) => {
      response.writeHead(request.url === "/bad" ? 404 : 200).end("x".repeat(200_000));
    });
    const single = open({ connectionsPerOrigin: 1 });
    for (const path of ["/", "/bad", "/", "/bad", "/"])
      await single.request(url + path).catch(() => {});
    expect(seen.sockets).toBe(1);
    const pooled = open({ connectionsPerOrigin: 3 });
    await Promise.all(Array.from({ length: 20 }, () => pooled.request(url)));
    expect(seen).toEqual({ requests: 25, sockets: 1 + 3 });
  });

  test("end with close(), whatever still runs", async () => {
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { url } = await serve(() => arrive());
    const client = open();
    const running = failure(client.request(url));
    await arrived;
    await client.close();
    await client.close();
    expect((await running).code).toBe("CANCELLED");
    expect((await failure(client.request(url))).code).toBe("UNAVAILABLE");
  });

  test("that are idle end with close() too, and a closed client opens none", async () => {
    let sockets = 0;
    const { url, seen } = await serve((request, response) => {
      sockets += 1;
      request.socket.on("close", () => {
        sockets -= 1;
      });
      response.end();
    });
    const client = open();
    await client.request(url);
    expect(sockets).toBe(1);
    await client.close();
    await expect.poll(() => sockets).toBe(0);
    const unused = open();
    await unused.close();
    for (const one of [client, unused]) {
      expect((await failure(one.request(url))).code).toBe("UNAVAILABLE");
    }
    expect(seen).toEqual({ requests: 1, sockets: 1 });
  });

  test("end with close() also when it comes before the first connection", async () => {
    const { url, seen } = await serve(echo);
    const client = open();
    const running = failure(client.request(url));
    await client.close();
    expect((await running).code).toBe("CANCELLED");
    expect(seen.requests).toBe(0);
    await open().close();
  });

  test("cost nothing before the first request: undici is not loaded", async () => {
    const { url } = await serve(echo);
    const script = `
      import { createRequire } from "node:module";
      import { createHttpClient } from "#shared/http-client/client.ts";
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => /node_modules.undici/.test(file));
      const client = createHttpClient();
      const before = loaded();
      await client.request(process.argv[1]);
      console.log(JSON.stringify([before, loaded()]));
      await client.close();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", script, url],
      { cwd: new URL("..", import.meta.url) },
    );
    expect(JSON.parse(stdout)).toEqual([false, true]);
  });
});
