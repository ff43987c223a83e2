// Copied from shared/core/after-turn.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
let waiting: Set<() => void> | undefined;

/**
 * Runs `callback` once the current turn of the event loop is over, unless the function it returns is
 * called before. What most calls would arm and disarm in one turn, such as a deadline, is not armed
 * at all; all callbacks of a turn share one immediate.
 */
export function afterTurn(callback: () => void): () => void {
  if (!waiting) {
    waiting = new Set();
    setImmediate(runAll);
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
