/** How often a watched place is looked at, milliseconds: alerts hold for a minute in the host's own cache. */
export const WATCH_EVERY_MS = 120_000;

/**
 * Calls `changed` whenever `look` gives something else than the time before, until the returned
 * function is called. A look that fails says nothing, and is no change.
 */
export function watchAlerts(look: () => Promise<string>, changed: () => void): () => void {
  let seen: string | undefined;
  let stopped = false;
  const turn = async () => {
    const now = await look().catch(() => undefined);
    if (stopped || now === undefined) return;
    if (seen !== undefined && seen !== now) changed();
    seen = now;
  };
  void turn();
  const timer = setInterval(() => void turn(), WATCH_EVERY_MS);
  // a watch alone does not keep a server running
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
