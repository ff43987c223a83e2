// Copied from shared/testing/contract-http.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { beforeAll, describe, expect, it } from "vitest";
import { type RawHttp, startHttp } from "./http.ts";
import { ERAS, headersFor, resultOf } from "./messages.ts";
import type { Contract } from "./options.ts";
import { HOOK_MS } from "./within.ts";

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;
const TOO_DEEP = 100_000;
const ROUTES = ["/mcp", "/health", "/ready"];
/** Windows has no signals: there, ending a process is always by force. */
const hasSignals = process.platform !== "win32";

const LIST = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });

/** One process over HTTP, asked as browsers, proxies and attackers do. */
export function describeHttp({ entries }: Contract): void {
  describe("a process over HTTP", () => {
    let server: RawHttp;
    beforeAll(async () => {
      server = await startHttp(entries.http);
      return server.stop;
    }, HOOK_MS);

    it("is healthy and ready", async () => {
      expect(await server.ask("/health")).toMatchObject({ status: 200 });
      expect(await server.ask("/ready")).toMatchObject({ status: 200 });
    });

    it.each(ERAS)("answers without anything before it: %s", async (era) => {
      expect(resultOf(await server.request(era, "tools/list"))).toHaveProperty("tools");
    });

    it.each(["GET", "DELETE", "PUT"])("answers %s with 405", async (method) => {
      expect(await server.ask("/mcp", { method })).toMatchObject({ status: 405 });
    });

    it("knows no other path", async () => {
      expect(await server.ask("/no-such-path")).toMatchObject({ status: 404 });
    });

    describeGuards(() => server);
    describeBodies(() => server);
    it("writes nothing to stdout", () => {
      expect(server.stdout.text()).toBe("");
    });

    // last: it ends the process that the tests before it share
    it.skipIf(!hasSignals)("ends with 0 on SIGTERM", async () => {
      server.signal("SIGTERM");
      expect(await server.exit()).toEqual({ code: 0, signal: null });
    });
  });
}

/** A page elsewhere must not reach a server on this machine, by its own name or by another's. */
function describeGuards(server: () => RawHttp): void {
  describe.each(ROUTES)("%s", (path) => {
    const request =
      path === "/mcp"
        ? { method: "POST", body: LIST, headers: headersFor("legacy", "tools/list") }
        : { method: "GET", headers: {} };
    const askWith = (extra: Record<string, string>) =>
      server().ask(path, { ...request, headers: { ...request.headers, ...extra } });

    it("is answered to this machine's own pages", async () => {
      const answer = await askWith({ origin: "http://localhost:5173" });
      expect(answer).toMatchObject({ status: 200 });
    });

    it.each(["http://evil.example", "http://localhost.evil.example", "null"])(
      "is refused to the Origin %s",
      async (origin) => {
        expect(await askWith({ origin })).toMatchObject({ status: 403 });
      },
    );

    it.each(["evil.example", "localhost.evil.example:80"])(
      "is refused under the Host %s",
      async (host) => {
        expect(await askWith({ host })).toMatchObject({ status: 403 });
      },
    );
  });
}

function describeBodies(server: () => RawHttp): void {
  describe("a body", () => {
    it("of exactly 4 MiB is read", async () => {
      const { status } = await server().post(LIST.padEnd(MAX_BODY_BYTES));
      expect(status).toBe(200);
    });

    it.each([MAX_BODY_BYTES + 1, 2 * MAX_BODY_BYTES])(
      "of %i bytes is answered with 413, which its sender sees",
      async (bytes) => {
        const { status } = await server().post(LIST.padEnd(bytes));
        expect(status).toBe(413);
      },
    );

    it("of 1 MB that is no JSON is answered with 400", async () => {
      const response = await server().post("x".repeat(MEGABYTE));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: -32700 } });
    });

    it("that nests very deep is answered with 400", async () => {
      const { status } = await server().post("[".repeat(TOO_DEEP) + "]".repeat(TOO_DEEP));
      expect(status).toBe(400);
    });

    it("of another type is answered with 415", async () => {
      const { status } = await server().post(LIST, { "content-type": "text/plain" });
      expect(status).toBe(415);
    });

    it("leaves the server able to answer the next", async () => {
      expect(resultOf(await server().request("modern", "tools/list"))).toHaveProperty("tools");
    });
  });
}
