import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, ServerModule } from "#shared/core/contract.ts";
import { headersAgree } from "#shared/mcp/direct-http.ts";
import { readHot } from "#shared/mcp/hot.ts";
import { headersOf, httpRequests } from "./support/arbitrary-http.ts";
import type { States } from "./support/arbitrary-messages.ts";
import { askedStates, openTestServer, testServer } from "./support/differential-server.ts";
import { deployedSide, type HttpSide, type Sent, sdkSide } from "./support/exchange-http.ts";
import { KEPT_DIFFERENCES, verdictOn } from "./support/kept-differences.ts";

/** Requests that each side gets. DIFFERENTIAL_RUNS and DIFFERENTIAL_SEED ask for more, and others. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 2_500);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_260_728);
const LIMIT_MS = 60_000 + RUNS * 40;

const POST = { method: "POST" };
const json: Sent["headers"] = [
  ["content-type", "application/json"],
  ["accept", "application/json, text/event-stream"],
];
const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

/** A call of 2026-07-28 as it should be. */
function modernCall(name: string, input: JsonObject, logLevel?: string): Sent {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
    progressToken: "token",
    ...(logLevel !== undefined && { "io.modelcontextprotocol/logLevel": logLevel }),
  };
  const message = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: input, _meta },
  };
  return { ...POST, headers: headersOf({ era: "modern", message }), body: message };
}

/** Each reason to differ at least once, and what was wrong once. */
const EXAMPLES: Sent[] = [
  { ...POST, headers: json, body: ping },
  { method: "GET", headers: json, body: "" },
  { ...POST, headers: json, body: [ping] },
  { ...POST, headers: json, body: "5" },
  { ...POST, headers: json, body: "{" },
  { ...POST, headers: [["content-type", "application/json"]], body: "{" },
  { ...POST, headers: json, body: "\ufeff{}" },
  {
    ...POST,
    headers: json,
    body: JSON.stringify(ping).replace("}", `,"params":${"[".repeat(70)}${"]".repeat(70)}}`),
  },
  modernCall("break_protocol", { code: -32_042 }),
  modernCall("break_protocol", { code: -32_002 }),
  modernCall("break_protocol", { code: -32_021 }),
  modernCall("notify_client", {}, "debug"),
  {
    ...modernCall("=?base64?YQ==?=", {}),
    headers: [
      ...json,
      ["mcp-protocol-version", "2026-07-28"],
      ["mcp-method", "tools/call"],
      ["mcp-name", "=?base64?YQ==?="],
    ],
  },
];

/** Whether the message is answered without the SDK. */
function isDirect({ method, headers, body }: Sent): boolean {
  const hot = method === "POST" ? readHot(body) : undefined;
  return hot !== undefined && headersAgree(hot, Object.fromEntries(headers));
}

describe.each([{ logging: true }, { logging: false }])(
  "A server with logging: $logging over HTTP",
  ({ logging }) => {
    let module: ServerModule;
    let states: States;
    let deployed: HttpSide;
    let sdk: HttpSide;

    beforeAll(async () => {
      module = testServer({ logging });
      const instance = await openTestServer(module);
      states = await askedStates(instance);
      deployed = await deployedSide(module, instance);
      sdk = await sdkSide(module, instance);
    });
    afterAll(async () => {
      await deployed.close();
      await sdk.close();
    });

    it("answers as the SDK alone does, but for what is kept apart on purpose", {
      timeout: LIMIT_MS,
    }, async () => {
      const seen = new Map<unknown, number>();
      const count = (what: unknown) => seen.set(what, (seen.get(what) ?? 0) + 1);
      const property = fc.asyncProperty(httpRequests(states), async (sent) => {
        const exchange = { sent, deployed: await deployed.send(sent), sdk: await sdk.send(sent) };
        const verdict = verdictOn(exchange);
        if (verdict === undefined) expect(exchange.deployed).toEqual(exchange.sdk);
        count(verdict);
        count(isDirect(sent));
      });
      await fc.assert(property, {
        numRuns: RUNS / 2,
        seed: SEED,
        examples: EXAMPLES.map((sent) => [sent]),
      });

      // the comparison is worth something only while it meets both ways and every reason
      expect(seen.get(true)).toBeGreaterThan(RUNS / 10);
      expect(seen.get(false)).toBeGreaterThan(RUNS / 10);
      const unmet = KEPT_DIFFERENCES.filter((kept) => !seen.has(kept));
      expect(unmet.map(({ reason }) => reason)).toEqual([]);
    });

    it("says nothing more once a call has its result", async () => {
      const late = modernCall("report_late", {}, "debug");
      const { status, messages } = await deployed.send(late);
      expect([status, messages.length]).toEqual([200, 1]);
      // what comes too late would end the process
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(await deployed.send({ ...POST, headers: json, body: ping })).toMatchObject({
        status: 200,
      });
    });
  },
);
