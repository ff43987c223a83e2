/** An HTTP address in front of a server that speaks stdio, message by message, for both eras. */
import { accessPolicy, parseBody } from "../../shared/mcp/guards.ts";
import { listen } from "../../shared/mcp/http-server.ts";
import { readBody, refuse } from "../../shared/mcp/node-http.ts";
import { createLegacyBridge } from "./bridge-legacy.ts";
import { createModernBridge, isModern } from "./bridge-modern.ts";
import type { Running } from "./fixture.ts";

const HOST = "127.0.0.1";

export async function startBridge(): Promise<Running> {
  const legacy = createLegacyBridge();
  const modern = createModernBridge();
  const server = await listen({
    host: HOST,
    port: 0,
    policy: accessPolicy(HOST, [], []),
    onError: (error) => console.error(error),
    handle: async (request, response) => {
      if (request.method !== "POST") return legacy.handle(request, response, undefined);
      const body = parseBody((await readBody(request)) ?? "");
      if ("refusal" in body) return refuse(response, body.refusal, body.code);
      const bridge = isModern(request.headers, body.value) ? modern : legacy;
      await bridge.handle(request, response, body.value);
    },
  });
  return {
    url: `http://${HOST}:${server.address.port}/mcp`,
    close: async () => {
      await Promise.all([legacy.close(), modern.close()]);
      await server.close(0);
    },
  };
}
