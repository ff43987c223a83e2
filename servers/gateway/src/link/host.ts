import { pathToFileURL } from "node:url";
import type {
  CallContext,
  Instance,
  JsonObject,
  Outcome,
  ServerEvent,
} from "#shared/core/contract.ts";
import { toErrorResult } from "#shared/core/result.ts";
import { writeResult } from "#shared/core/result-text.ts";
import { failedRequest } from "../mounts/calls.ts";
import { listsOf } from "../mounts/lists.ts";
import { instanceOf, serverOf } from "../mounts/module-check.ts";
import { tooLarge } from "../mounts/size.ts";
import { MAX_MESSAGE_BYTES } from "./lines.ts";
import {
  type Channel,
  faultOf,
  type LinkContext,
  type Method,
  type ToGateway,
  type ToHost,
} from "./protocol.ts";

/**
 * Opens a package when it is told which, and runs its calls, for a gateway at the other end. Returns
 * how to close it, once.
 */
export function serveHost(channel: Channel): () => Promise<void> {
  const running = new Map<number, AbortController>();
  let instance: Instance | undefined;
  let closing: Promise<void> | undefined;
  const send = (message: ToGateway) => channel.send(JSON.stringify(message));

  const onEvent = (event: ServerEvent) => {
    if (!instance) return;
    const isList = event.kind !== "resource_updated";
    send({ event, ...(isList && { lists: listsOf(instance) }) });
  };

  async function open({ file, env }: { file: string; env: Record<string, string> }) {
    try {
      const module = serverOf(await import(pathToFileURL(file).href));
      instance = instanceOf(await module.open({ env, onEvent }));
      const { name, title, version, description, instructions, port, features } = module;
      const facts = { name, title, version, description, instructions, port, features };
      send({ ready: facts, lists: listsOf(instance) });
    } catch (error) {
      send({ failed: faultOf(error) });
    }
  }

  async function run(id: number, method: Method, args: readonly unknown[], given?: LinkContext) {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const context = given && contextOf(id, given, controller.signal, send);
      const outcome =
        method === "close"
          ? await close().then(() => ({ result: {} }))
          : await invoke(instance, method, context ? [...args, context] : args);
      const text = answerText(id, outcome);
      // it would be dropped on the way, and nobody would know whose it was
      if (text.length > MAX_MESSAGE_BYTES / 3 && Buffer.byteLength(text) > MAX_MESSAGE_BYTES)
        send({ id, outcome: tooLargeOutcome(method, Buffer.byteLength(text)) });
      else channel.send(text);
    } catch (error) {
      send({ id, threw: faultOf(error) });
    }
    running.delete(id);
  }

  const close = () => {
    closing ??= instance?.close() ?? Promise.resolve();
    return closing;
  };

  channel.onText((text) => {
    const message = JSON.parse(text) as ToHost;
    if ("open" in message) void open(message.open);
    else if ("cancel" in message) {
      const name = message.timedOut ? "TimeoutError" : "AbortError";
      running.get(message.cancel)?.abort(new DOMException("The call is over", name));
    } else void run(message.id, message.method, message.args, message.context);
  });
  return close;
}

/** The message without writing again what the server wrote for its result. */
const answerText = (id: number, outcome: Outcome<JsonObject>) =>
  outcome.result && !outcome.error
    ? `{"id":${id},"outcome":{"result":${writeResult(outcome.result)}}}`
    : JSON.stringify({ id, outcome });

function tooLargeOutcome(method: Method, bytes: number) {
  const error = tooLarge(bytes);
  return method === "call"
    ? { result: { ...toErrorResult(error, new Date()) } }
    : failedRequest(error);
}

function contextOf(
  id: number,
  { wantsProgress, wantsNotices, ...rest }: LinkContext,
  signal: AbortSignal,
  send: (message: ToGateway) => void,
): CallContext {
  const context: CallContext = { ...rest, signal };
  if (wantsProgress) context.progress = (...args) => send({ progress: id, args });
  if (wantsNotices) context.notify = (...args) => send({ notice: id, args });
  return context;
}

async function invoke(
  instance: Instance | undefined,
  method: Exclude<Method, "close">,
  args: readonly unknown[],
) {
  if (method === "ping") return { result: {} };
  if (!instance) throw new Error("The server is not open");
  if (method === "health") return { result: await instance.health() };
  const run = instance[method] as (...args: readonly unknown[]) => Promise<Outcome<JsonObject>>;
  return run.apply(instance, [...args]);
}
