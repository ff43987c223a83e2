import type {
  CallContext,
  Instance,
  JsonObject,
  Log,
  Outcome,
  ServerEvent,
  ServerFeatures,
  ServerModule,
} from "#shared/core/contract.ts";
import { CONTRACT_VERSION } from "#shared/core/contract.ts";
import { healthReport } from "#shared/core/health.ts";
import type { Lists } from "../mounts/lists.ts";
import type { Connection } from "../mounts/mount.ts";
import { ForeignCalls } from "./calls.ts";
import { parameterHeaders } from "./http-headers.ts";
import { readLists } from "./lists.ts";
import { type ClientFacts, type ServerFacts, Session } from "./session.ts";
import { eventOf, Watch } from "./watch.ts";
import { type Message, objectOf, type Wire } from "./wire.ts";

export interface ForeignOptions {
  name: string;
  wire: Wire;
  client: ClientFacts;
  log: Log;
  signal: AbortSignal;
  /** Whether it is known that the server speaks no 2026-07-28. */
  knownLegacy: boolean;
  onEvent(event: ServerEvent): void;
  onDoubt(reason: string): void;
}

/** A server that is not ours, as the contract has it. Rejects when it cannot be talked to. */
export async function connectForeign(
  options: ForeignOptions,
): Promise<Connection & { era: ServerFacts["era"] }> {
  const { name, wire, client, log, signal } = options;
  const session = new Session(wire, client);
  const calls = new ForeignCalls(session);
  let take = (_: Message) => {};
  wire.onMessage((message) => calls.take(message) || take(message));
  const facts = await session.open(signal, options.knownLegacy);
  const shown = { lists: await readLists(session, facts, log, signal) };
  const relist = createRelist(options, session, facts, shown);
  take = (message) => {
    const event = eventOf(message);
    if (event?.kind === "resource_updated") options.onEvent(event);
    else if (event) relist(event);
  };
  const watch = new Watch(session, facts, (message) => calls.take(message) || take(message));
  if (facts.era === "modern") watch.restart();
  const startedAt = Date.now();
  const ping = async () => {
    const method = facts.era === "modern" ? "server/discover" : "ping";
    await session.request(method, {});
  };
  const instance: Instance = {
    get tools() {
      return shown.lists.tools;
    },
    get resources() {
      return shown.lists.resources;
    },
    get resourceTemplates() {
      return shown.lists.resourceTemplates;
    },
    get prompts() {
      return shown.lists.prompts;
    },
    call: (tool, input, context) => {
      const schema = shown.lists.tools.find((one) => one.name === tool)?.inputSchema;
      const headers = schema && parameterHeaders(schema, input);
      const params = { name: tool, arguments: input ?? {} };
      return result(calls.run("tools/call", params, context, headers));
    },
    read: (uri, context) => result(calls.run("resources/read", { uri }, context)),
    get: (prompt, input, context) =>
      result(calls.run("prompts/get", { name: prompt, arguments: input ?? {} }, context)),
    complete: (reference, argument, context: CallContext) =>
      result(calls.run("completion/complete", { ref: reference, argument }, context)),
    subscribe: (uri) => watch.add(uri),
    unsubscribe: (uri) => watch.remove(uri),
    health: async () => {
      await ping();
      const { version = "0.0.0" } = facts.info;
      const source = { name, version, startedAt, callsInFlight: 0, checks: [], secrets: [] };
      return healthReport(source, new Date());
    },
    close: async () => {
      watch.close();
      calls.close();
      await wire.close();
    },
  };
  return { module: moduleOf(name, facts), instance, ping, era: facts.era };
}

/** Reads the lists again when one changed; changes that come meanwhile are read once more at the end. */
function createRelist(
  { log, onEvent, onDoubt }: ForeignOptions,
  session: Session,
  facts: ServerFacts,
  shown: { lists: Lists },
) {
  let again: ServerEvent | undefined;
  let running = false;
  const run = async (event: ServerEvent) => {
    running = true;
    try {
      shown.lists = await readLists(session, facts, log, new AbortController().signal);
      onEvent(event);
    } catch {
      onDoubt("its lists changed and could not be read");
    }
    running = false;
    const next = again;
    again = undefined;
    if (next) void run(next);
  };
  return (event: ServerEvent) => {
    if (running) again = event;
    else void run(event);
  };
}

const OF_PROTOCOL = "io.modelcontextprotocol/serverInfo";

/** A result without what the protocol adds to it for the one connection. */
async function result<T>(outcome: Promise<Outcome<JsonObject>>): Promise<Outcome<T>> {
  const found = await outcome;
  if (found.error) return found;
  const { resultType, ttlMs: _, cacheScope: __, _meta, ...rest } = found.result;
  const { [OF_PROTOCOL]: ___, ...meta } = objectOf(_meta);
  return {
    result: {
      ...rest,
      ...(Object.keys(meta).length > 0 && { _meta: meta }),
      ...(resultType === "input_required" && { resultType }),
    } as T,
  };
}

function moduleOf(mount: string, { info, capabilities, instructions }: ServerFacts): ServerModule {
  const { name = mount, version = "0.0.0", title, description = "" } = info;
  const features: ServerFeatures = {
    logging: "logging" in capabilities,
    completions: "completions" in capabilities,
    subscribe: objectOf(capabilities.resources).subscribe === true,
    listChanged: ["tools", "prompts", "resources"],
  };
  return {
    contract: CONTRACT_VERSION,
    name,
    title: title ?? name,
    version,
    description,
    instructions,
    port: 0,
    features,
    tools: [],
    toolsets: {},
    resources: [],
    resourceTemplates: [],
    prompts: [],
    open: () => Promise.reject(new Error("It is open already")),
  };
}
