import type { JsonObject, Outcome, ServerEvent } from "#shared/core/contract.ts";
import type { ServerFacts } from "./facts.ts";
import type { Session } from "./session.ts";
import { type Message, objectOf, textOf } from "./wire.ts";

/** Milliseconds until a stream of changes that ended is asked for again. */
const AGAIN_MS = 2_000;

const EVENTS: Record<string, Exclude<ServerEvent["kind"], "resource_updated">> = {
  "notifications/tools/list_changed": "tools_list_changed",
  "notifications/prompts/list_changed": "prompts_list_changed",
  "notifications/resources/list_changed": "resources_list_changed",
};

/** What a message says has changed, if that is what it says. */
export function eventOf({ method, params }: Message): ServerEvent | undefined {
  const kind = EVENTS[String(method)];
  if (kind) return { kind };
  const uri = textOf(objectOf(params).uri);
  return method === "notifications/resources/updated" && uri !== undefined
    ? { kind: "resource_updated", uri }
    : undefined;
}

const DONE = { result: {} };

/**
 * Hears of changes: at a server of 2026-07-28 by one stream that is asked for anew when the wishes are
 * others, at one of 2025 by subscribing.
 */
export class Watch {
  readonly #session: Session;
  readonly #wishes: JsonObject;
  readonly #isModern: boolean;
  readonly #uris = new Map<string, number>();
  readonly #onMessage: (message: Message) => void;
  #current: AbortController | undefined;
  #closed = false;

  constructor(session: Session, facts: ServerFacts, onMessage: (message: Message) => void) {
    this.#session = session;
    this.#onMessage = onMessage;
    this.#isModern = facts.era === "modern";
    const has = (list: string) => objectOf(facts.capabilities[list]).listChanged === true;
    this.#wishes = {
      ...(has("tools") && { toolsListChanged: true }),
      ...(has("prompts") && { promptsListChanged: true }),
      ...(has("resources") && { resourcesListChanged: true }),
    };
  }

  /** Begins, or begins anew with what is wished for now. */
  restart(): void {
    this.#current?.abort(new DOMException("Asked for anew", "AbortError"));
    const filter = {
      ...this.#wishes,
      ...(this.#uris.size > 0 && { resourceSubscriptions: [...this.#uris.keys()] }),
    };
    if (this.#closed || Object.keys(filter).length === 0) return;
    const controller = new AbortController();
    this.#current = controller;
    void this.#listen(filter, controller.signal);
  }

  async #listen(notifications: JsonObject, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const exchange = { signal, onMessage: this.#onMessage };
      const ended = await this.#session
        .request("subscriptions/listen", { notifications }, exchange)
        .catch(() => undefined);
      if (ended?.error) return; // it does not do that
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
    }
  }

  /** Subscriptions are counted: the server hears of the first and of the last. */
  async add(uri: string): Promise<Outcome<JsonObject>> {
    const count = this.#uris.get(uri) ?? 0;
    this.#uris.set(uri, count + 1);
    if (count > 0) return DONE;
    if (this.#isModern) {
      this.restart();
      return DONE;
    }
    const outcome = await this.#session.request("resources/subscribe", { uri });
    // whoever was refused does not unsubscribe
    if (outcome.error) this.#uris.delete(uri);
    return outcome;
  }

  async remove(uri: string): Promise<Outcome<JsonObject>> {
    const count = this.#uris.get(uri) ?? 0;
    if (count > 1) this.#uris.set(uri, count - 1);
    if (count !== 1) return DONE;
    this.#uris.delete(uri);
    if (this.#isModern) this.restart();
    else return this.#session.request("resources/unsubscribe", { uri });
    return DONE;
  }

  close(): void {
    this.#closed = true;
    this.#current?.abort(new DOMException("The server is closed", "AbortError"));
  }
}
