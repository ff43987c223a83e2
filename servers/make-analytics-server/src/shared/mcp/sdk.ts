// Copied from shared/mcp/sdk.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** The only file that imports the MCP SDK at runtime. */
import {
  createMcpHandler,
  InMemoryServerEventBus,
  type JSONRPCMessage,
  type McpRequestContext,
  ProtocolError,
  Server,
  type ServerContext,
  type Transport,
  UnsupportedProtocolVersionError,
} from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type {
  CallContext,
  ClientInfo,
  Instance,
  JsonObject,
  Outcome,
  Principal,
  ServerEvent,
  ServerModule,
} from "#shared/core/contract.ts";
import { capabilitiesOf, listCacheOf } from "./capabilities.ts";
import { CLIENT_CAPABILITIES, CLIENT_INFO, MODERN_VERSION, PROTOCOL_VERSION } from "./hot.ts";
import { isRequest, readCancelled } from "./hot-frames.ts";
import { createListening, isListen } from "./listen.ts";
import { NOTIFICATION } from "./notification.ts";

type Era = McpRequestContext["era"];

export interface SdkHttp {
  fetch(request: Request, parsedBody: unknown, principal?: Principal): Promise<Response>;
  publish(event: ServerEvent): void;
  /** Tells whoever listens for changes that there will be no more, and takes no new listeners. */
  endStreams(): Promise<void>;
  close(): Promise<void>;
}

/** Streamable HTTP through the SDK: one server object a request, nothing kept between requests. */
export function sdkHttp(
  module: ServerModule,
  instance: Instance,
  onError: (error: Error) => void,
): SdkHttp {
  const bus = new InMemoryServerEventBus(onError);
  const create = () =>
    createMcpHandler(
      ({ era }) => sdkServer(module, instance, era, { canAsk: era === "modern", hears: false }),
      {
        bus,
        onerror: onError,
      },
    );
  const calls = create();
  // a handler ends as a whole, and listeners end before calls do
  const listeners = create();
  const listening = createListening(instance);
  return {
    fetch: async (request, parsedBody, principal) => {
      const options = { parsedBody, ...(principal && { authInfo: authInfoOf(principal) }) };
      if (!isListen(parsedBody)) return calls.fetch(request, options);
      const response = await listeners.fetch(request, options);
      if (response.ok && module.features.subscribe)
        await listening.hold(parsedBody, request.signal);
      return response;
    },
    publish: (event) => bus.publish(event),
    endStreams: () => {
      listening.letGo();
      return listeners.close();
    },
    close: async () => {
      listening.letGo();
      await listeners.close();
      await calls.close();
    },
  };
}

export interface SdkStdio {
  publish(event: ServerEvent): void;
  /** Takes note of whom a message makes a listener, or ends as one: what they listen for is watched meanwhile. */
  follow(message: JsonObject): void;
  close(): Promise<void>;
}

/** stdio through the SDK, over a transport of ours. */
export function sdkStdio(
  module: ServerModule,
  instance: Instance,
  transport: Transport,
  onError: (error: Error) => void,
): SdkStdio {
  let current: Server | undefined;
  const factory = ({ era }: McpRequestContext) => {
    current = sdkServer(module, instance, era, { canAsk: true, hears: true });
    if (era === "modern") refuseOtherVersions(current, onError);
    return current;
  };
  const handle = serveStdio(factory, { transport, onerror: onError });
  const listening = createListening(instance);
  const listeners = new Map<unknown, AbortController>();
  return {
    follow: (message) => {
      const isModern = claimedVersion(message as unknown as JSONRPCMessage) === MODERN_VERSION;
      if (isListen(message) && isModern && module.features.subscribe) {
        const leaving = new AbortController();
        listeners.set(message.id, leaving);
        listening.hold(message, leaving.signal).catch(onError);
      } else if (message.method === "notifications/cancelled") {
        const id = readCancelled(message);
        listeners.get(id)?.abort();
        listeners.delete(id);
      }
    },
    publish: ({ kind, ...params }) => {
      // a client that has left, or has not said hello yet, misses nothing
      current?.notification({ method: NOTIFICATION[kind], params }).catch(onError);
    },
    close: () => {
      listening.letGo();
      return handle.close();
    },
  };
}

/**
 * The SDK checks the revision that a request claims only until the first one: later ones are checked
 * here, where the server itself takes them, because only by then the era of each is decided.
 */
function refuseOtherVersions(server: Server, onError: (error: Error) => void): void {
  const connect = server.connect.bind(server);
  server.connect = async (transport) => {
    await connect(transport);
    const receive = transport.onmessage;
    transport.onmessage = (message, extra) => {
      const requested = isRequest({ ...message }) ? claimedVersion(message) : undefined;
      if (requested === undefined || requested === MODERN_VERSION) {
        receive?.(message, extra);
        return;
      }
      const supported = [MODERN_VERSION];
      const refusal = new UnsupportedProtocolVersionError({ supported, requested });
      const error = { code: refusal.code, message: refusal.message, data: refusal.data };
      const id = "id" in message ? message.id : undefined;
      transport.send({ jsonrpc: "2.0", id, error }).catch(onError);
    };
  };
}

function claimedVersion(message: JSONRPCMessage): string | undefined {
  const version = "method" in message ? message.params?._meta?.[PROTOCOL_VERSION] : undefined;
  return typeof version === "string" ? version : undefined;
}

function unwrap<T extends object>(outcome: Outcome<T>): T {
  if (outcome.error)
    throw new ProtocolError(outcome.error.code, outcome.error.message, outcome.error.data);
  return outcome.result;
}

/** `T` is JSON of the shape that the SDK checks again before it goes out. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK's result types are closed unions of its own
const wire = <T extends object>(outcome: Outcome<T>): any => unwrap(outcome);

interface Way {
  /** Whether its client can be asked in the middle of a call. */
  canAsk: boolean;
  /** Whether its client hears of what it subscribes to. */
  hears: boolean;
}

function sdkServer(module: ServerModule, instance: Instance, era: Era, way: Way): Server {
  const { canAsk, hears } = way;
  const capabilities = capabilitiesOf(module, instance);
  const server = new Server(
    { name: module.name, title: module.title, version: module.version },
    { capabilities, instructions: module.instructions, cacheHints: listCacheOf(module) },
  );
  const calls = (context: ServerContext) =>
    callContext(server, context, { era, canAsk, logger: module.name });
  server.setRequestHandler("tools/list", () => ({ tools: instance.tools as never }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const call = calls(context);
    return wire(await call.settle(instance.call(params.name, params.arguments, call.context)));
  });
  server.setRequestHandler("resources/list", () => ({ resources: [...instance.resources] }));
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: [...instance.resourceTemplates],
  }));
  server.setRequestHandler("resources/read", async ({ params }, context) => {
    const call = calls(context);
    return wire(await call.settle(instance.read(params.uri, call.context)));
  });
  if (module.features.subscribe) {
    server.setRequestHandler("resources/subscribe", async ({ params: { uri } }) => {
      const outcome = await instance.subscribe(uri);
      // over HTTP there is no stream of 2025 on which it would hear, and nobody would end it
      if (!hears && outcome.result) await instance.unsubscribe(uri);
      return wire(outcome);
    });
    server.setRequestHandler("resources/unsubscribe", async ({ params }) =>
      hears ? wire(await instance.unsubscribe(params.uri)) : {},
    );
  }
  if (capabilities.prompts) {
    server.setRequestHandler("prompts/list", () => ({ prompts: [...instance.prompts] }));
    server.setRequestHandler("prompts/get", async ({ params }, context) => {
      const call = calls(context);
      return wire(await call.settle(instance.get(params.name, params.arguments, call.context)));
    });
  }
  if (capabilities.completions) {
    server.setRequestHandler("completion/complete", async ({ params }, context) =>
      wire(await instance.complete(params.ref, params.argument, calls(context).context)),
    );
  }
  return server;
}

/** The SDK passes on what it knows as authentication; the token itself is nothing that calls should see. */
const authInfoOf = (principal: Principal) => ({
  token: "",
  clientId: principal.id,
  scopes: [...principal.scopes],
  extra: { principal },
});

const principalOf = ({
  clientId,
  scopes,
  extra,
}: NonNullable<ServerContext["http"]>["authInfo"] & {}) =>
  (extra?.principal as Principal | undefined) ?? { id: clientId, scopes };

interface Posture {
  era: Era;
  canAsk: boolean;
  logger: string;
}

/** The SDK's context as ours. `settle` lets notifications of a call go out before its result does. */
function callContext(
  server: Server,
  { mcpReq, http }: ServerContext,
  { era, canAsk, logger }: Posture,
) {
  const sent: Promise<void>[] = [];
  const send = (message: Promise<void>) => sent.push(message.catch(() => {})); // the client has left
  const token = mcpReq._meta?.progressToken;
  const state = mcpReq.requestState<string>();
  const traceparent = mcpReq._meta?.traceparent;
  const context: CallContext = {
    signal: mcpReq.signal,
    era,
    canAsk,
    requestId: mcpReq.id,
    client: clientOf(server, mcpReq.envelope),
    ...(http?.authInfo && { principal: principalOf(http.authInfo) }),
    ...(typeof traceparent === "string" && { traceparent }),
    ...(mcpReq.inputResponses && { inputResponses: mcpReq.inputResponses }),
    ...(state !== undefined && { requestState: state }),
    notify: (level, data) => send(mcpReq.log(level, data, logger)),
  };
  if (token !== undefined) {
    context.progress = (progress, total, message) => {
      const params = {
        progressToken: token,
        progress,
        ...(total !== undefined && { total }),
        ...(message !== undefined && { message }),
      };
      send(mcpReq.notify({ method: "notifications/progress", params }));
    };
  }
  const settle = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    if (sent.length > 0) await Promise.all(sent);
    return result;
  };
  return { context, settle };
}

/** Who calls: in the request itself on 2026-07-28, from `initialize` before it. */
function clientOf(server: Server, envelope: JsonObject | undefined): ClientInfo {
  const info = (envelope?.[CLIENT_INFO] ?? server.getClientVersion()) as
    | { name?: string; version?: string }
    | undefined;
  const capabilities = (envelope?.[CLIENT_CAPABILITIES] ??
    server.getClientCapabilities() ??
    {}) as JsonObject;
  return {
    ...(info?.name !== undefined && { name: info.name }),
    ...(info?.version !== undefined && { version: info.version }),
    capabilities,
  };
}
