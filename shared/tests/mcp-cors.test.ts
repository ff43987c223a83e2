import { expect, test, vi } from "vitest";
import { defineServer } from "#shared/mcp/define-server.ts";
import { headersFor } from "#shared/testing/messages.ts";
import { definition } from "./support/instance.ts";
import { startProbeHttp } from "./support/probe.ts";

const PAGE = "https://app.example.com";
const WANTED = "authorization, content-type, mcp-method, mcp-protocol-version";
const PREFLIGHT = {
  "access-control-request-method": "POST",
  "access-control-request-headers": `${WANTED}, cookie, x-evil`,
};
const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

type Ask = (init: RequestInit) => Promise<Response>;

/** Each way to a server that may be called by one page. */
const WAYS: [string, () => Promise<Ask>][] = [
  [
    "HTTP",
    async () => {
      const { url } = await startProbeHttp({ ALLOWED_ORIGINS: PAGE });
      return (init) => fetch(url, init);
    },
  ],
  [
    "fetch",
    async () => {
      vi.stubEnv("ALLOWED_ORIGINS", PAGE);
      const server = defineServer(definition({}));
      return (init) => server.fetch(new Request("http://localhost/mcp", init));
    },
  ],
];

test.each(WAYS)(
  "a page may ask, send and read, and never as the browser's user: %s",
  async (_, open) => {
    const ask = await open();
    const asked = await ask({ method: "OPTIONS", headers: { origin: PAGE, ...PREFLIGHT } });
    expect([asked.status, await asked.text()]).toEqual([204, ""]);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      "access-control-allow-origin": PAGE,
      "access-control-allow-headers": WANTED,
      "access-control-allow-methods": expect.stringContaining("POST"),
    });
    const headers = { ...headersFor("legacy", "ping"), origin: PAGE };
    for (const [method, body, status] of [
      ["POST", PING, 200],
      ["POST", "garbage", 400],
      ["GET", undefined, 405],
      ["OPTIONS", undefined, 405],
    ] as const) {
      const answer = await ask({ method, headers, ...(body && { body }) });
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
        status,
        PAGE,
      ]);
      expect(answer.headers.get("vary")).toBe("origin");
      expect(answer.headers.get("access-control-expose-headers")).toContain("Retry-After");
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
  },
);

test.each(WAYS)("others hear nothing of it: %s", async (_, open) => {
  const ask = await open();
  const evil = { origin: "https://evil.example", ...PREFLIGHT };
  const refused = await ask({ method: "OPTIONS", headers: evil });
  const plain = await ask({ method: "POST", body: PING, headers: headersFor("legacy", "ping") });
  expect([refused.status, plain.status]).toEqual([403, 200]);
  for (const { headers } of [refused, plain])
    expect([...headers.keys()].filter((name) => /^access-control|^vary$/.test(name))).toEqual([]);
});
