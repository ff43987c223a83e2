// Copied from shared/testing/contract-slow.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { beforeAll, describe, expect, it } from "vitest";
import { HEALTH_URI } from "#shared/core/resources.ts";
import { callTool, expectToolError } from "./call.ts";
import { httpChannel, stdioChannel } from "./channels.ts";
import { CLIENTS, connect, type TestClient } from "./clients.ts";
import { type RawHttp, startHttp } from "./http.ts";
import { ERAS, headersFor, paramsFor } from "./messages.ts";
import type { Contract, SlowExample } from "./options.ts";
import { HOOK_MS, until, within } from "./within.ts";

/** Milliseconds until a caller in memory loses patience. */
const SHORT_MS = 50;

/** How calls end early, and what they tell until then; only where the server has a call that lasts. */
export function describeSlow(contract: Contract): void {
  const { slowExample, server, env } = contract;
  if (!slowExample) return;
  const { tool, input } = slowExample;

  describe("a call that lasts", () => {
    it("says TIMEOUT when its time is over", async () => {
      const signal = AbortSignal.timeout(SHORT_MS);
      expectToolError(await callTool(server, tool, input, { env, context: { signal } }), "TIMEOUT");
    });

    it("says CANCELLED when its caller leaves", async () => {
      const leaving = new AbortController();
      const call = callTool(server, tool, input, { env, context: { signal: leaving.signal } });
      leaving.abort(new DOMException("The client left", "AbortError"));
      expectToolError(await call, "CANCELLED");
    });

    describeStdioClients(contract, slowExample);
    describeHttp(contract, slowExample);
  });
}

function describeStdioClients({ entries, env }: Contract, slow: SlowExample): void {
  describe.each(CLIENTS)("over stdio, $name", (kind) => {
    let client: TestClient;
    beforeAll(async () => {
      client = await connect(kind, stdioChannel({ ...entries.stdio, env }));
      return () => client.close();
    }, HOOK_MS);
    const inFlight = async () => JSON.parse(await client.read(HEALTH_URI)).callsInFlight;

    it("ends it by a message, and goes on", async () => {
      const leaving = new AbortController();
      const call = client.callTool(slow.tool, slow.input, { signal: leaving.signal });
      const ended = expect(call).rejects.toThrow();
      await until(async () => (await inFlight()) === 1, "The start of the call");
      leaving.abort();
      await ended;
      await until(async () => (await inFlight()) === 0, "The end of the call");
    });

    it.skipIf(!slow.progress)("is told how far it is", async () => {
      expect(await firstProgress(client, slow)).toEqual(expect.any(Number));
    });
  });
}

function describeHttp({ entries, env }: Contract, slow: SlowExample): void {
  describe.each(ERAS)("over HTTP, a client of the %s era", (era) => {
    let server: RawHttp;
    beforeAll(async () => {
      server = await startHttp({ ...entries.http, env });
      return server.stop;
    }, HOOK_MS);
    const inFlight = async () => JSON.parse((await server.ask("/ready")).body).callsInFlight;

    it("ends it by leaving", async () => {
      const leaving = new AbortController();
      const params = paramsFor(era, { name: slow.tool, arguments: slow.input });
      const call = fetch(server.url, {
        method: "POST",
        headers: headersFor(era, "tools/call", params),
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
        signal: leaving.signal,
      }).then((response) => response.text());
      const ended = expect(call).rejects.toThrow();
      await until(async () => (await inFlight()) === 1, "The start of the call");
      leaving.abort();
      await ended;
      await until(async () => (await inFlight()) === 0, "The end of the call");
    });
  });
  describe.skipIf(!slow.progress).each(CLIENTS)("over HTTP, $name", (kind) => {
    it("is told how far it is", async () => {
      const server = await startHttp({ ...entries.http, env });
      const client = await connect(kind, httpChannel(server.url));
      expect(await firstProgress(client, slow)).toEqual(expect.any(Number));
      await client.close();
    });
  });
}

/** The first progress that a call reports; then the call is cancelled. */
async function firstProgress(client: TestClient, { tool, input }: SlowExample): Promise<number> {
  const leaving = new AbortController();
  const told = new Promise<number>((resolve, reject) => {
    const onprogress = ({ progress }: { progress: number }) => resolve(progress);
    client.callTool(tool, input, { onprogress, signal: leaving.signal }).catch(reject);
  });
  try {
    return await within(told, () => `No progress of ${tool}`);
  } finally {
    leaving.abort();
  }
}
