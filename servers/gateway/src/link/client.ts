import type {
  CallContext,
  HealthReport,
  Instance,
  JsonObject,
  Outcome,
  ServerEvent,
} from "#shared/core/contract.ts";
import { type Lists, withLists } from "../mounts/lists.ts";
import type { Connection } from "../mounts/mount.ts";
import { openedModule } from "../mounts/opened-module.ts";
import {
  type Channel,
  errorFrom,
  type LinkContext,
  type Method,
  type ModuleFacts,
  type ToGateway,
  type ToHost,
} from "./protocol.ts";

interface Pending {
  context: CallContext | undefined;
  resolve(outcome: Outcome<JsonObject>): void;
  reject(error: Error): void;
}

export interface LinkOptions {
  channel: Channel;
  file: string;
  env: Record<string, string>;
  onEvent(event: ServerEvent): void;
  /** Ends what is at the other end. */
  end(): Promise<void>;
}

/** A package at the other end of a channel, as the contract has it. Rejects when it cannot be opened. */
export function connectLink({
  channel,
  file,
  env,
  onEvent,
  end,
}: LinkOptions): Promise<Connection> {
  const pending = new Map<number, Pending>();
  const shown: { lists: Lists } = {
    lists: { tools: [], resources: [], resourceTemplates: [], prompts: [] },
  };
  let last = 0;
  const send = (message: ToHost) => channel.send(JSON.stringify(message));

  function ask<T>(method: Method, args: readonly unknown[], context?: CallContext) {
    const id = ++last;
    return new Promise<Outcome<T>>((resolve, reject) => {
      const onAbort = () => send({ cancel: id, timedOut: isTimeout(context?.signal.reason) });
      const settle = () => {
        pending.delete(id);
        context?.signal.removeEventListener("abort", onAbort);
      };
      pending.set(id, {
        context,
        resolve: (outcome) => {
          settle();
          resolve(outcome as Outcome<T>);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      context?.signal.addEventListener("abort", onAbort, { once: true });
      send({ id, method, args, ...(context && { context: linkContext(context) }) });
    });
  }

  return new Promise((resolve, reject) => {
    channel.onText((text) => {
      const message = JSON.parse(text) as ToGateway;
      if ("ready" in message) {
        shown.lists = message.lists;
        resolve(connectionOf(message.ready, shown, ask, end));
      } else if ("failed" in message) reject(errorFrom(message.failed));
      else if ("event" in message) {
        if (message.lists) shown.lists = message.lists;
        onEvent(message.event);
      } else if ("progress" in message)
        pending.get(message.progress)?.context?.progress?.(...message.args);
      else if ("notice" in message) pending.get(message.notice)?.context?.notify?.(...message.args);
      else if ("threw" in message) pending.get(message.id)?.reject(errorFrom(message.threw));
      else pending.get(message.id)?.resolve(message.outcome);
    });
    send({ open: { file, env } });
  });
}

const isTimeout = (reason: unknown) => reason instanceof Error && reason.name === "TimeoutError";

/** A method of the context is no JSON: whether there is one is. */
function linkContext({ signal: _, progress, notify, ...rest }: CallContext): LinkContext {
  return { ...rest, wantsProgress: progress !== undefined, wantsNotices: notify !== undefined };
}

type Ask = <T>(
  method: Method,
  args: readonly unknown[],
  context?: CallContext,
) => Promise<Outcome<T>>;

function connectionOf(
  facts: ModuleFacts,
  shown: { lists: Lists },
  ask: Ask,
  end: () => Promise<void>,
): Connection {
  const instance: Instance = withLists(() => shown.lists, {
    call: (tool, input, context) => ask("call", [tool, input], context),
    read: (uri, context) => ask("read", [uri], context),
    get: (prompt, input, context) => ask("get", [prompt, input], context),
    complete: (reference, argument, context) => ask("complete", [reference, argument], context),
    subscribe: (uri) => ask("subscribe", [uri]),
    unsubscribe: (uri) => ask("unsubscribe", [uri]),
    health: async () => {
      const { result, error } = await ask<HealthReport>("health", []);
      if (error) throw new Error(error.message);
      return result;
    },
    // the other end leaves by itself once it has closed; `end` sees to it that it does
    close: async () => {
      ask("close", []).catch(() => {});
      await end();
    },
  });
  return { module: openedModule(facts), instance, ping: async () => void (await ask("ping", [])) };
}
