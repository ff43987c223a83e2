import { ToolError } from "#shared/core/errors.ts";

/** What Open-Meteo gives away, in weight, to one address: open-meteo.com/en/terms. */
export const FREE_LIMITS = [
  { name: "minute", ms: 60_000, max: 600 },
  { name: "hour", ms: 3_600_000, max: 5_000 },
  { name: "day", ms: 86_400_000, max: 10_000 },
] as const;

export type LimitName = (typeof FREE_LIMITS)[number]["name"];
interface Limit {
  name: LimitName;
  ms: number;
  max: number;
}

/** A window forgets in steps of this part of its length. */
const STEPS = 60;

interface Window extends Limit {
  /** Weight by step. */
  spent: Map<number, number>;
  /** The host itself said that this window is used up, until then. */
  blockedUntil: number;
}

export type WindowStatus = {
  window: LimitName;
  limit: number;
  used: number;
  left: number;
};

export interface Budget {
  /** Counts a request before it is sent. Errors: RATE_LIMITED when it would break a limit. */
  spend(weight: number): void;
  /** The host refused: nothing more is sent until its next full minute, hour or day. */
  exhaust(name: LimitName): void;
  status(): WindowStatus[];
}

const usedIn = (window: Window, now: number): number => {
  const oldest = Math.floor((now - window.ms) / (window.ms / STEPS));
  let sum = 0;
  for (const [step, weight] of window.spent) {
    if (step < oldest) window.spent.delete(step);
    else sum += weight;
  }
  return sum;
};

/** When enough of the window is forgotten for `weight`; the whole window when it never fits. */
function freeAt(window: Window, weight: number, now: number): number {
  const width = window.ms / STEPS;
  let used = usedIn(window, now);
  for (const [step, spent] of window.spent) {
    used -= spent;
    if (used + weight <= window.max) return (step + 1) * width + window.ms;
  }
  return now + window.ms;
}

function refusal(window: Window, weight: number, now: number, until: number): ToolError {
  const seconds = Math.max(1, Math.ceil((until - now) / 1_000));
  const used = usedIn(window, now);
  const message = `The free limit of Open-Meteo is ${window.max} a ${window.name} in weight; ${round(used)} are used and this request weighs ${round(weight)}. Try again in ${seconds} s, ask for less, or set OPEN_METEO_API_KEY.`;
  return new ToolError("RATE_LIMITED", message, {
    details: {
      reason: "budget",
      window: window.name,
      limit: window.max,
      used: round(used),
      weight: round(weight),
      retryAfterSeconds: seconds,
    },
  });
}

const round = (value: number) => Math.round(value * 10) / 10;

/**
 * Counts weight in windows that slide, so that no full minute, hour or day of the host's own clock
 * holds more than its limit either. `enforced` false only counts, for a plan that is paid for.
 */
export function createBudget({ now, enforced }: { now(): number; enforced: boolean }): Budget {
  const windows: Window[] = FREE_LIMITS.map((limit) => ({
    ...limit,
    spent: new Map(),
    blockedUntil: 0,
  }));

  function requireRoom(window: Window, weight: number, at: number): void {
    if (at < window.blockedUntil) throw refusal(window, weight, at, window.blockedUntil);
    if (enforced && usedIn(window, at) + weight > window.max)
      throw refusal(window, weight, at, freeAt(window, weight, at));
  }

  return {
    spend(weight) {
      const at = now();
      for (const window of windows) requireRoom(window, weight, at);
      for (const window of windows) {
        const step = Math.floor(at / (window.ms / STEPS));
        window.spent.set(step, (window.spent.get(step) ?? 0) + weight);
      }
    },
    exhaust(name) {
      for (const window of windows) {
        if (window.name === name)
          window.blockedUntil = (Math.floor(now() / window.ms) + 1) * window.ms;
      }
    },
    status: () =>
      windows.map((window) => {
        const used = usedIn(window, now());
        const left = now() < window.blockedUntil ? 0 : Math.max(0, window.max - used);
        return {
          window: window.name,
          limit: window.max,
          used: round(used),
          left: round(left),
        };
      }),
  };
}
