// Copied from shared/mcp/http.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseConfig } from "#shared/core/config.ts";
import type { Instance, ServerEvent, ServerModule } from "#shared/core/contract.ts";
import { emptyConfig } from "#shared/core/definition.ts";
import type { FlushableLog } from "#shared/core/lazy-log.ts";
import type { Waited } from "#shared/core/leaving.ts";
import { DRAIN_MS, failStart, onShutdown } from "#shared/core/lifecycle.ts";
import { createLog } from "#shared/core/log.ts";
import { detectPlatform } from "#shared/core/platform.ts";
import { createEndpoint, type Endpoint } from "./endpoint.ts";
import { loadEnvironment } from "./environment.ts";
import { accessPolicy, isLoopback } from "./guards.ts";
import { listen } from "./http-server.ts";
import { sendJson } from "./node-http.ts";
import { createPush } from "./push.ts";

/** Runs a server over Streamable HTTP until the process is told to stop. */
export async function runHttp(module: ServerModule): Promise<void> {
  try {
    await start(module);
  } catch (error) {
    failStart(error);
  }
}

async function start(module: ServerModule): Promise<void> {
  const env = loadEnvironment();
  const events: { publish?(event: ServerEvent): void } = {};
  // opened first, because it names every fault of the environment and not only those read here
  const instance = await module.open({ env, onEvent: (event) => events.publish?.(event) });
  const { values, secrets } = parseConfig(emptyConfig, env);
  const platform = detectPlatform(env);
  const log = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: module.name } });
  const endpoint = createEndpoint(module, instance, log, {
    push: values.ASK_OVER_HTTP ? createPush() : undefined,
  });
  events.publish = endpoint.publish;

  const host = values.HOST ?? (platform.cloud ? "0.0.0.0" : "127.0.0.1");
  const stopping = new AbortController();
  const http = await listen({
    host,
    port: values.PORT ?? module.port,
    policy: accessPolicy(host, values.ALLOWED_HOSTS, values.ALLOWED_ORIGINS),
    handle: (request, response, leaving) =>
      route(request, response, leaving, { endpoint, instance, stopping: stopping.signal }),
    onError: (error) => log.error("A request failed", { error }),
  });
  const close = async () => {
    stopping.abort();
    await endpoint.endStreams();
    await http.close(DRAIN_MS);
    await endpoint.close();
    await instance.close();
  };
  onShutdown(close, log);
  announce(log, host, http.address.port, platform.name, values.ALLOWED_HOSTS);
}

function announce(
  log: FlushableLog,
  host: string,
  port: number,
  platform: string,
  allowedHosts: readonly string[],
): void {
  const shown = host.includes(":") ? `[${host}]` : host;
  log.info("listening", { url: `http://${shown}:${port}/mcp`, platform });
  if (!isLoopback(host) && allowedHosts.length === 0 && platform === "local") {
    log.warn("Every Host is answered, because HOST is not a loopback address. Set ALLOWED_HOSTS.");
  }
}

interface Routed {
  endpoint: Endpoint;
  instance: Instance;
  stopping: AbortSignal;
}

function route(
  request: IncomingMessage,
  response: ServerResponse,
  leaving: Waited,
  routed: Routed,
): Promise<void> | void {
  const path = request.url?.split("?", 1)[0];
  if (path === "/mcp") return routed.endpoint.handle(request, response, leaving);
  request.resume();
  if (path === "/health") return sendJson(response, 200, '{"status":"ok"}');
  if (path === "/ready") return sendReadiness(response, routed);
  sendJson(
    response,
    404,
    JSON.stringify({ error: "Not found. MCP is at /mcp; there are /health and /ready too." }),
  );
}

/** 200 while the server can do its work; 503 while a check fails, and from the moment it is told to stop. */
async function sendReadiness(
  response: ServerResponse,
  { instance, stopping }: Routed,
): Promise<void> {
  if (stopping.aborted) return sendJson(response, 503, '{"status":"stopping"}');
  const report = await instance.health();
  sendJson(response, report.status === "failing" ? 503 : 200, JSON.stringify(report));
}
