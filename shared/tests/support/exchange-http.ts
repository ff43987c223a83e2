import { Agent, type IncomingMessage, request as nodeRequest } from "node:http";
import type { Instance, JsonObject, ServerModule } from "#shared/core/contract.ts";
import { createEndpoint } from "#shared/mcp/endpoint.ts";
import { accessPolicy } from "#shared/mcp/guards.ts";
import { type HttpServer, listen, type RouteHandler } from "#shared/mcp/http-server.ts";
import { readBody, sendWebResponse, toWebRequest } from "#shared/mcp/node-http.ts";
import { sdkHttp } from "#shared/mcp/sdk.ts";
import { eventMessages } from "#shared/testing/messages.ts";
import { silentLog } from "./differential-server.ts";

/** A request as it goes over the wire; a body that is no text is sent as JSON. */
export interface Sent {
  method: string;
  headers: [name: string, value: string][];
  body: unknown;
}

/** What of an answer a client can see and act on. */
export interface Received {
  status: number;
  type: string | undefined;
  allow: string | undefined;
  cacheControl: string | undefined;
  /** The JSON of the body, or of the events in their order; text that is none stays text. */
  messages: unknown[];
}

export interface HttpSide {
  readonly url: string;
  send(sent: Sent): Promise<Received>;
  close(): Promise<void>;
}

/** The server as it is deployed: ordinary messages straight from the instance, the others by the SDK. */
export async function deployedSide(module: ServerModule, instance: Instance): Promise<HttpSide> {
  const endpoint = createEndpoint(module, instance, silentLog);
  return startSide(endpoint.handle, endpoint.close);
}

/** The same instance behind the SDK alone, with nothing before it but the checks of Host and Origin. */
export async function sdkSide(module: ServerModule, instance: Instance): Promise<HttpSide> {
  const sdk = sdkHttp(module, instance, () => {});
  const handle: RouteHandler = async (request, response, { signal }) => {
    const text = (await readBody(request)) ?? "";
    const bare = toWebRequest(request, signal);
    const body = parse(text);
    const web =
      request.method === "POST" && body === undefined
        ? new Request(bare, { body: text, method: "POST" })
        : bare;
    await sendWebResponse(response, await sdk.fetch(web, body));
  };
  return startSide(handle, sdk.close);
}

async function startSide(
  handle: RouteHandler,
  closeHandle: () => Promise<void>,
): Promise<HttpSide> {
  const server: HttpServer = await listen({
    host: "127.0.0.1",
    port: 0,
    policy: accessPolicy("127.0.0.1", [], []),
    handle,
    onError: () => {}, // shows as the status 500 of the answer
  });
  const agent = new Agent({ keepAlive: true });
  return {
    url: `http://127.0.0.1:${server.address.port}/mcp`,
    send: (sent) => send(server.address.port, agent, sent),
    close: async () => {
      agent.destroy();
      await closeHandle();
      await server.close(0);
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const LISTEN = "subscriptions/listen";
const isListen = (body: unknown) =>
  typeof body === "object" && body !== null && "method" in body && body.method === LISTEN;

/** Sends one request; a stream that stays open by its nature is left after its first event. */
function send(port: number, agent: Agent, { method, headers, body }: Sent): Promise<Received> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const flat = [
    ...headers,
    ["host", `127.0.0.1:${port}`],
    ["content-length", `${Buffer.byteLength(text)}`],
  ];
  return new Promise((resolve, reject) => {
    const request = nodeRequest({ port, agent, method, path: "/mcp", headers: flat.flat() });
    request.once("error", reject);
    request.once("response", (response) => {
      let received = "";
      const done = () => resolve(toReceived(response, received));
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        received += chunk;
        if (!isListen(body) || !received.includes("\n\n")) return;
        done();
        request.destroy();
      });
      response.once("end", done);
      response.once("error", () => {}); // only a stream that was left on purpose
    });
    request.end(text);
  });
}

function toReceived({ statusCode = 0, headers }: IncomingMessage, text: string): Received {
  const type = headers["content-type"]?.split(";")[0];
  const isStream = type === "text/event-stream";
  const parsed: unknown = text === "" ? undefined : (parse(text) ?? text);
  const messages: (JsonObject | unknown)[] = isStream ? eventMessages(text) : [parsed];
  return {
    status: statusCode,
    type,
    allow: headers.allow,
    cacheControl: isStream ? headers["cache-control"] : undefined,
    messages: messages.filter((message) => message !== undefined),
  };
}
