import type { Log, ServerEvent } from "#shared/core/contract.ts";
import type { Lists } from "../mounts/lists.ts";
import type { ServerFacts } from "./facts.ts";
import { readLists } from "./lists.ts";
import type { Session } from "./session.ts";

interface Relisting {
  log: Log;
  onEvent(event: ServerEvent): void;
  onDoubt(reason: string): void;
}

/** Reads the lists again when one changed; changes that come meanwhile are read once more at the end. */
export function createRelist(
  { log, onEvent, onDoubt }: Relisting,
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
