// Copied from shared/core/after-turn.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
let waiting: Set<() => void> | undefined;

/** Milliseconds: an immediate would cost a further turn of the event loop for each that has one. */
const TURN_MS = 1;

/**
 * Runs `callback` once the current turn of the event loop is over, about a millisecond later, unless the
 * function it returns is called before. What most calls would arm and disarm at once, such as a
 * deadline, is not armed at all; all callbacks of that millisecond share one timer.
 */
export function afterTurn(callback: () => void): () => void {
  if (!waiting) {
    waiting = new Set();
    setTimeout(runAll, TURN_MS);
  }
  const turn = waiting;
  turn.add(callback);
  return () => turn.delete(callback);
}

function runAll(): void {
  const turn = waiting ?? [];
  waiting = undefined;
  for (const callback of turn) callback();
}
