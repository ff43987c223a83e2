import { beforeAll, expect, test } from "vitest";
import type { CallContext, Instance, ServerModule } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { createEndpoint } from "#shared/mcp/endpoint.ts";
import { accessPolicy } from "#shared/mcp/guards.ts";
import { listen } from "#shared/mcp/http-server.ts";
import { ERAS, headersFor, paramsFor } from "#shared/testing/messages.ts";
import { server } from "./testing-server/server.ts";

const principal = { id: "k_one", scopes: ["a:*"] };
const seen: CallContext[] = [];
let url = "";

beforeAll(async () => {
  const opened = await server.open({ env: {} });
  const instance: Instance = Object.create(opened, {
    call: {
      value: (tool: string, input: unknown, context: CallContext) => {
        seen.push(context);
        return opened.call(tool, input, context);
      },
    },
  });
  const module: ServerModule = Object.create(server, { cacheScope: { value: "private" } });
  const endpoint = createEndpoint(module, instance, silentLog);
  const http = await listen({
    host: "127.0.0.1",
    port: 0,
    policy: accessPolicy("127.0.0.1", [], []),
    handle: (request, response, signal) => endpoint.handle(request, response, signal, principal),
    onError: (error) => {
      throw error;
    },
  });
  url = `http://127.0.0.1:${http.address.port}/mcp`;
  return () => http.close(0);
});

const post = async (era: "legacy" | "modern", method: string, given: object, more = {}) => {
  const params = paramsFor(era, { ...given });
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headersFor(era, method, params), ...more },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return response.text();
};

// without that of its method the SDK answers in place of the direct way
const WAYS = [{}, { "content-type": "application/json; x=y" }];

test.each(ERAS.flatMap((era) => WAYS.map((more) => ({ era, more }))))(
  "a call knows whose it is, and its trace ($era, $more)",
  async ({ era, more }) => {
    seen.length = 0;
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await post(era, "tools/call", { name: "any", _meta: { traceparent } }, more);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.principal).toBe(principal);
    expect(seen[0]?.traceparent).toBe(traceparent);
  },
);

test.each(WAYS)("lists that are a caller's own are not for everyone (%j)", async (more) => {
  expect(await post("modern", "tools/list", {}, more)).toContain('"cacheScope":"private"');
});
