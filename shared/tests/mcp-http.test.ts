import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect, Server as NetServer } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { accessPolicy, MAX_BODY_BYTES } from "#shared/mcp/guards.ts";
import { type HttpServer, type ListenOptions, listen, TIMEOUTS } from "#shared/mcp/http-server.ts";
import { sendJson } from "#shared/mcp/node-http.ts";
import { type RawHttp, startHttp } from "#shared/testing/http.ts";
import { ERAS, headersFor } from "#shared/testing/messages.ts";
import { PATIENCE_MS } from "#shared/testing/within.ts";
import { probeProcess } from "./support/probe.ts";

let http: RawHttp;
beforeAll(async () => {
  http = await startHttp(probeProcess("http"));
  return http.stop;
});

/** A ping of exactly this many bytes. */
function pingOf(bytes: number): string {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping", params: { x: "" } });
  return body.replace('""', `"${"y".repeat(bytes - body.length)}"`);
}

const chunked = (body: string) =>
  fetch(http.url, {
    method: "POST",
    headers: headersFor("legacy", "ping"),
    body: new Blob([body]).stream(),
    duplex: "half",
  } as RequestInit);

describe("a body", () => {
  test.each([
    ["declared", (body: string) => http.post(body)],
    ["chunked", chunked],
  ])("%s may have 4 MiB and not one byte more", async (_, send) => {
    const fits = await send(pingOf(MAX_BODY_BYTES));
    expect(fits.status).toBe(200);
    expect(await fits.text()).toContain('"result":{}');
    const over = await send(pingOf(MAX_BODY_BYTES + 1));
    expect(over.status).toBe(413);
    expect(await over.json()).toMatchObject({ id: null, error: { code: -32000 } });
  });

  test("of 12 MB still gets its 413, because what is left is read", async () => {
    expect((await http.post("x".repeat(12_000_000))).status).toBe(413);
  });

  test.each([
    ["1 MB of garbage", "x".repeat(1_000_000), -32700],
    ["a batch", '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600],
    ["nothing", "", -32700],
    ["brackets 65 deep", `{"a":${"[".repeat(64)}${"]".repeat(64)}}`, -32600],
  ])("%s is refused with 400", async (_, body, code) => {
    const response = await http.post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ jsonrpc: "2.0", id: null, error: { code } });
  });
});

describe("a request", () => {
  test.each(["GET", "DELETE", "PUT"])(
    "by %s to /mcp gets 405 and what is allowed",
    async (method) => {
      const response = await fetch(http.url, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    },
  );

  test.each([
    ["/health", 200],
    ["/ready", 200],
    ["/health?probe=1", 200],
    ["/", 404],
    ["/mcp/", 404],
  ])("to %s gets %i", async (path, expected) => {
    expect((await http.ask(path)).status).toBe(expected);
  });

  test.each(["/mcp", "/health", "/ready", "/nowhere"])(
    "to %s is answered only for a Host and Origin that are allowed",
    async (path) => {
      const evil = { host: "evil.example", origin: "http://evil.example" };
      expect((await http.ask(path, { headers: { host: evil.host } })).status).toBe(403);
      expect((await http.ask(path, { headers: { origin: evil.origin } })).status).toBe(403);
      expect((await http.ask(path, { headers: { origin: "null" } })).status).toBe(403);
      expect((await http.ask(path, { headers: { origin: "http://localhost:1" } })).status).not.toBe(
        403,
      );
    },
  );

  test("with two Origin headers is refused, though one of them is allowed", async () => {
    const lines = ["Host: localhost", "Origin: http://localhost", "Origin: http://localhost"];
    expect(await rawRequest(new URL(http.url), "GET /health HTTP/1.1", lines)).toMatch(
      /^HTTP\/1.1 403/,
    );
  });

  test("with a Host of its own in the target does not pass the check of the header", async () => {
    const answer = await rawRequest(new URL(http.url), "GET http://localhost/health HTTP/1.1", [
      "Host: evil.example",
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 403/);
  });

  test.each(ERAS)("with a content type that is not JSON gets 415 (%s)", async (era) => {
    const headers = { ...headersFor(era, "tools/list"), "content-type": "text/plain" };
    expect(
      (await http.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}', headers)).status,
    ).toBe(415);
  });
});

/** What comes back for lines that no HTTP client would send. */
async function rawRequest({ hostname, port }: URL, start: string, headers: string[]) {
  const socket = connect(Number(port), hostname);
  socket.write([start, ...headers, "Connection: close", "", ""].join("\r\n"));
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  return answer;
}

async function listening(options: Partial<ListenOptions>): Promise<HttpServer> {
  const server = await listen({
    host: "127.0.0.1",
    port: 0,
    policy: accessPolicy("127.0.0.1", [], []),
    handle: async (_, response) => sendJson(response, 200, "{}"),
    onError: () => {},
    ...options,
  });
  onTestFinished(() => server.close(0));
  return server;
}

describe("the listener", () => {
  test.each([
    ["headers", "GET / HTTP/1.1\r\nHost: loc"],
    ["nothing", ""],
  ])("closes a connection whose client sends %s and no more", async (_, sent) => {
    const quick = { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 20 };
    const { address } = await listening({ timeouts: { ...TIMEOUTS, ...quick } });
    const socket = connect(address.port, "127.0.0.1");
    socket.write(sent);
    socket.resume();
    await once(socket, "close");
  });

  test("answers 500 without a word of the error", async () => {
    const errors: unknown[] = [];
    const failure = new Error("secret path /home");
    const { address } = await listening({
      handle: () => Promise.reject(failure),
      onError: (error) => errors.push(error),
    });
    const response = await fetch(`http://127.0.0.1:${address.port}/`);
    expect([response.status, await response.text()]).toEqual([
      500,
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Internal error"}}',
    ]);
    expect(errors).toEqual([failure]);
  });

  test("says in plain words that a port is taken", async () => {
    const { address } = await listening({});
    await expect(listening({ port: address.port })).rejects.toThrow(
      `Port ${address.port} on 127.0.0.1 is taken. Set PORT to another one`,
    );
  });

  describe("that leaves", () => {
    const LEAVE_MS = 300;
    /** A server whose requests to /slow wait, a client that keeps its connection, and one that does not. */
    async function leaving() {
      const slow: (() => void)[] = [];
      const server = await listening({
        handle: async ({ url }, response) => {
          if (url === "/slow") await new Promise<void>((resolve) => slow.push(resolve));
          sendJson(response, 200, "{}");
        },
      });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      onTestFinished(() => agent.destroy());
      const { port } = server.address;
      const ask = (path: string, by: Agent | false) =>
        new Promise<string | undefined>((resolve, reject) => {
          const sent = request({ port, path, agent: by }, (response) => {
            response.resume().once("end", () => resolve(response.headers.connection));
          });
          sent.once("error", reject).end();
        });
      return { server, slow, kept: (path = "/") => ask(path, agent), fresh: () => ask("/", false) };
    }

    test("takes requests as before, for a while", async () => {
      const { server, kept } = await leaving();
      const closed = server.close(PATIENCE_MS, LEAVE_MS);
      expect(await kept()).toBe("keep-alive");
      await closed;
    });

    test("then accepts no more, and answers once more on each connection that is kept", async () => {
      const { server, kept, fresh } = await leaving();
      expect(await kept()).toBe("keep-alive");
      const closing = vi.spyOn(NetServer.prototype, "close");
      const closed = server.close(PATIENCE_MS, LEAVE_MS);
      // at once: a kept connection that is idle stays for a second
      await expect.poll(() => closing.mock.calls.length, { interval: 1 }).toBe(1);
      const last = kept();
      const refused = await fresh().then(String, ({ code }) => code);
      expect(refused).toBe("ECONNREFUSED");
      expect(await last).toBe("close");
      await closed;
    });

    test("ends the connection of a call that was begun before", async () => {
      const { server, slow, kept } = await leaving();
      const begun = kept("/slow");
      await expect.poll(() => slow.length).toBe(1);
      const closed = server.close(PATIENCE_MS);
      slow[0]?.();
      expect(await begun).toBe("close");
      await closed;
    });
  });

  test("stops waiting for a request that does not end", async () => {
    let reached = () => {};
    const running = new Promise<void>((resolve) => (reached = resolve));
    const server = await listening({
      handle: (_, __, leaving) => {
        reached();
        return new Promise((resolve) => leaving.signal.addEventListener("abort", () => resolve()));
      },
    });
    const answer = fetch(`http://127.0.0.1:${server.address.port}/`).catch(
      (error: Error) => error.name,
    );
    await running;
    await server.close(20);
    expect(await answer).toBe("TypeError");
  });
});
