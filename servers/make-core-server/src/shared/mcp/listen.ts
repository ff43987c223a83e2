// Copied from shared/mcp/listen.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Instance } from "#shared/core/contract.ts";

const LISTEN = "subscriptions/listen";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

export const isListen = (body: unknown): boolean => isRecord(body) && body.method === LISTEN;

/** The resources that a `subscriptions/listen` wants to hear of. */
export function listenedUris(body: unknown): string[] {
  const params = isRecord(body) && isRecord(body.params) ? body.params : {};
  const wishes = isRecord(params.notifications) ? params.notifications : {};
  const uris = wishes.resourceSubscriptions;
  return Array.isArray(uris) ? [...new Set(uris.filter((uri) => typeof uri === "string"))] : [];
}

/**
 * What the listeners of one address want to hear of. As of 2026-07-28 a client subscribes by listening
 * and unsubscribes by leaving: the SDK passes on what is told, and here the server is told to tell it.
 */
export function createListening(instance: Pick<Instance, "subscribe" | "unsubscribe">) {
  const leaving = new Set<() => void>();

  return {
    /** Subscribes until the signal aborts, or all are let go. A resource that there is not is left out. */
    async hold(body: unknown, signal: AbortSignal): Promise<void> {
      const uris = listenedUris(body);
      if (uris.length === 0 || signal.aborted) return;
      const held = await Promise.all(
        uris.map(async (uri) => ((await instance.subscribe(uri)).error ? undefined : uri)),
      );
      const leave = () => {
        leaving.delete(leave);
        signal.removeEventListener("abort", leave);
        for (const uri of held) if (uri !== undefined) void instance.unsubscribe(uri);
      };
      leaving.add(leave);
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
    },
    letGo(): void {
      for (const leave of [...leaving]) leave();
    },
  };
}
