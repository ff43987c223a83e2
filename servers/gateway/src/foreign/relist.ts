import type { Log, ServerEvent } from "#shared/core/contract.ts";
import { inTime } from "../mounts/in-time.ts";
import type { Lists } from "../mounts/lists.ts";
import type { ServerFacts } from "./facts.ts";
import { readLists } from "./lists.ts";
import type { Session } from "./session.ts";

export interface Relisting {
  log: Log;
  /** Milliseconds that the lists may take. */
  listTimeoutMs: number;
  onEvent(event: ServerEvent): void;
  onDoubt(reason: string): void;
}

/** Milliseconds between the end of one reading and the next: a server may say at each that they changed. */
export const RELIST_PAUSE_MS = 1_000;

/** Reads the lists again when one changed; changes that come meanwhile are read once more after a pause. */
export function createRelist(
  { log, listTimeoutMs, onEvent, onDoubt }: Relisting,
  session: Session,
  facts: ServerFacts,
  shown: { lists: Lists },
) {
  const changes = new Map<ServerEvent["kind"], ServerEvent>();
  let isBusy = false;
  let isClosed = false;
  let reading = new AbortController();

  const run = async () => {
    const events = [...changes.values()];
    changes.clear();
    isBusy = true;
    reading = new AbortController();
    try {
      const read = readLists(session, facts, log, reading.signal);
      shown.lists = await inTime(read, listTimeoutMs, () => {
        throw new Error("The lists did not come in time");
      });
      for (const event of events) onEvent(event);
    } catch {
      if (!isClosed) onDoubt("its lists changed and could not be read");
    }
    reading.abort();
    setTimeout(() => {
      isBusy = false;
      if (changes.size > 0) start();
    }, RELIST_PAUSE_MS).unref();
  };
  const start = () => {
    if (!(isBusy || isClosed)) void run();
  };

  return {
    changed: (event: ServerEvent): void => {
      changes.set(event.kind, event);
      start();
    },
    close: (): void => {
      isClosed = true;
      reading.abort();
    },
  };
}
