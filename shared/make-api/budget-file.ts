import * as z from "zod";
import { type Exchange, FIRST_LIMIT, type PlaceStore, usable } from "./budget.ts";
import { updateFile } from "./locked-file.ts";

const shape = z.object({
  limit: z.number().optional(),
  blockedUntil: z.number().default(0),
  nextPlace: z.number().default(0),
  /** By place, when it is free again, milliseconds since 1970. */
  busy: z.record(z.string(), z.number()).default({}),
});

type State = z.output<typeof shape>;

/** A file that another version wrote, or that broke, is begun anew. */
function parse(text: string | undefined): State {
  try {
    return shape.parse(JSON.parse(text ?? "{}"));
  } catch {
    return shape.parse({});
  }
}

/** The places of one organisation in a file, for the processes of this machine. */
export function createFileStore(file: string): PlaceStore {
  const update = <T>(step: (state: State) => T): Promise<T> =>
    updateFile(file, (text) => {
      const state = parse(text);
      const result = step(state);
      return { text: JSON.stringify(state), result };
    });

  return {
    exchange: (step) => update((state) => exchange(state, step, Date.now())),
    block: (ms) =>
      update((state) => {
        state.blockedUntil = Math.max(state.blockedUntil, Date.now() + ms);
      }),
    setLimit: (limit) =>
      update((state) => {
        state.limit = limit;
      }),
    limit: () => update(({ limit }) => limit),
    close: async () => {},
  };
}

/** One step, on the clock of `now`; changes `state`. */
export function exchange(state: State, step: Exchange, now: number) {
  const { wanted, done, leaseMs, windowMs } = step;
  for (const { place, agoMs } of done) {
    if (place in state.busy) state.busy[place] = now - agoMs + windowMs;
  }
  for (const [place, freeAt] of Object.entries(state.busy)) {
    if (freeAt <= now) delete state.busy[place];
  }
  const blockedMs = state.blockedUntil - now;
  if (blockedMs > 0) return { taken: [], waitMs: blockedMs };
  const free = usable(state.limit ?? FIRST_LIMIT) - Object.keys(state.busy).length;
  const taken = Array.from({ length: Math.max(0, Math.min(wanted, free)) }, () => {
    const place = String(state.nextPlace++);
    state.busy[place] = now + leaseMs;
    return place;
  });
  return { taken, waitMs: Math.max(0, Math.min(...Object.values(state.busy)) - now) };
}
