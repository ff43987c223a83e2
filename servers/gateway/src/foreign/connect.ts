import type { CallContext, Instance, JsonObject, Outcome } from "#shared/core/contract.ts";
import { healthReport } from "#shared/core/health.ts";
import { withLists } from "../mounts/lists.ts";
import type { Connection } from "../mounts/mount.ts";
import { MountError } from "../mounts/mount-error.ts";
import { checkArguments } from "./arguments.ts";
import { ForeignCalls } from "./calls.ts";
import type { ServerFacts } from "./facts.ts";
import { type HandshakeOptions, shakeHands } from "./handshake.ts";
import { parameterHeaders } from "./http-headers.ts";
import { readLists } from "./lists.ts";
import { moduleOf } from "./module.ts";
import { toldToCaller } from "./refused.ts";
import { createRelist, type Relisting } from "./relist.ts";
import { Session } from "./session.ts";
import { eventOf, Watch } from "./watch.ts";
import { type Message, objectOf, type Wire } from "./wire.ts";

export interface ForeignOptions extends HandshakeOptions, Relisting {
  name: string;
  wire: Wire;
  /** Whether callers' own credentials go with their requests, as headers. */
  hasCredentials?: boolean;
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
  const facts = await shakeHands(session, options);
  // a session of 2025 is one caller's, and there is one for all
  if (options.hasCredentials && facts.era === "legacy")
    throw new MountError(
      "it keeps a session, which callers with credentials of their own cannot share: it has to speak MCP 2026-07-28",
    );
  const shown = { lists: await readLists(session, facts, log, signal) };
  const relist = createRelist(options, session, facts, shown);
  take = (message) => {
    const event = eventOf(message);
    if (event?.kind === "resource_updated") options.onEvent(event);
    else if (event) relist.changed(event);
  };
  const watch = new Watch(session, facts, (message) => calls.take(message) || take(message));
  if (facts.era === "modern") watch.restart();
  const startedAt = Date.now();
  const ping = async () => {
    const method = facts.era === "modern" ? "server/discover" : "ping";
    await session.request(method, {});
  };
  const run = <T>(...request: Parameters<ForeignCalls["run"]>): Promise<Outcome<T>> =>
    calls.run(...request).then(plain<T>, (error) => {
      const [, , context] = request;
      throw toldToCaller(error, name, context);
    });
  const instance: Instance = withLists(() => shown.lists, {
    call: async (tool, input, context) => {
      const listing = shown.lists.tools.find((one) => one.name === tool);
      if (listing) await checkArguments(listing, input ?? {});
      const headers = listing && parameterHeaders(listing.inputSchema, input);
      const params = { name: tool, arguments: input ?? {} };
      return run("tools/call", params, context, headers);
    },
    read: (uri, context) => run("resources/read", { uri }, context),
    get: (prompt, input, context) =>
      run("prompts/get", { name: prompt, arguments: input ?? {} }, context),
    complete: (reference, argument, context: CallContext) =>
      run("completion/complete", { ref: reference, argument }, context),
    subscribe: (uri) => watch.add(uri),
    unsubscribe: (uri) => watch.remove(uri),
    health: async () => {
      await ping();
      const { version = "0.0.0" } = facts.info;
      const source = { name, version, startedAt, callsInFlight: 0, checks: [], secrets: [] };
      return healthReport(source, new Date());
    },
    close: async () => {
      relist.close();
      watch.close();
      calls.close();
      await wire.close();
    },
  });
  return { module: moduleOf(name, facts), instance, ping, era: facts.era };
}

const OF_PROTOCOL = "io.modelcontextprotocol/serverInfo";

/** A result without what the protocol adds to it for the one connection. */
function plain<T>(found: Outcome<JsonObject>): Outcome<T> {
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
