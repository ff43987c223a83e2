import type { CallContext } from "#shared/core/contract.ts";
import type { Caller } from "../access/caller.ts";
import { Counts, type Outcome } from "./counts.ts";
import type { GatewayEvent, TimedEvent } from "./events.ts";
import { Histogram } from "./histogram.ts";
import { Ring } from "./ring.ts";
import { Series } from "./series.ts";

/** Where a request came in. */
export type Surface = "mcp" | "aggregate" | "rest";

/** A request that has ended. Listeners read it at once and keep nothing of it. */
export interface EndedCall {
  counts: Counts;
  surface: Surface;
  caller: Caller | undefined;
  context: CallContext;
  input: unknown;
  outcome: Outcome;
  /** Why, in a word, unless it is ok. */
  reason: string | undefined;
  /** Milliseconds since the epoch when it began, and for how long it ran. */
  startedAt: number;
  ms: number;
  /** Characters of the content. */
  answered: number;
  isDestructive: boolean;
  /** Those that the tool's schema has, each with itself as JSON. */
  argumentNames: ReadonlyMap<string, string> | undefined;
  /** Of its span, where there is one. */
  traceId: string | undefined;
}

/** A call as it is shown: without its arguments. */
export interface RecentCall {
  at: number;
  server: string;
  tool: string;
  method: string;
  surface: Surface;
  principal: string | undefined;
  outcome: Outcome;
  ms: number;
}

export const RECENT_CALLS = 100;
export const RECENT_EVENTS = 200;

/**
 * All that happened, as plain numbers and short lists: the one source that the metrics, the audit log
 * and the dashboard read.
 */
export class Activity {
  readonly startedAt: number;
  readonly series = new Series();
  /** Lines of the audit log that were lost. */
  auditLost = 0;
  readonly #now: () => number;
  readonly #counts = new Map<string, Map<string, Counts>>();
  readonly #calls = new Ring<RecentCall>(RECENT_CALLS);
  readonly #events = new Ring<TimedEvent>(RECENT_EVENTS);
  readonly #eventTotals = new Map<string, number>();
  readonly #states = new Map<string, { state: string; since: number }>();
  readonly #onCall = new Set<(call: EndedCall) => void>();
  readonly #onEvent = new Set<(event: TimedEvent) => void>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.startedAt = now();
  }

  /** The numbers of one tool, or of one method of a server. */
  countsOf(server: string, method: string, tool = ""): Counts {
    let ofServer = this.#counts.get(server);
    if (!ofServer) {
      ofServer = new Map();
      this.#counts.set(server, ofServer);
    }
    const key = tool === "" ? method : `tools/call ${tool}`;
    let counts = ofServer.get(key);
    if (!counts) {
      counts = new Counts(server, method, tool);
      ofServer.set(key, counts);
    }
    return counts;
  }

  /** Of every tool and method that was ever asked for. */
  *all(): Iterable<Counts> {
    for (const ofServer of this.#counts.values()) yield* ofServer.values();
  }

  /** Of all that one server was asked. */
  countsOfServer(server: string): { calls: number; errors: number; durations: Histogram } {
    const durations = new Histogram();
    let errors = 0;
    for (const counts of this.#counts.get(server)?.values() ?? []) {
      durations.add(counts.durations);
      errors += counts.total((outcome) => outcome !== "ok");
    }
    return { calls: durations.count, errors, durations };
  }

  /** A server that is mounted no longer has no numbers. */
  forget(server: string): void {
    this.#counts.delete(server);
    this.#states.delete(server);
  }

  /** A server has this state now; it is told when that is another one. */
  mountIs(mount: string, state: string, reason: string | undefined): void {
    if (this.#states.get(mount)?.state === state) return;
    this.#states.set(mount, { state, since: this.#now() });
    this.happened({ kind: "mount.state", mount, state, ...(reason !== undefined && { reason }) });
  }

  /** Milliseconds since the epoch. */
  stateSince(mount: string): number | undefined {
    return this.#states.get(mount)?.since;
  }

  get inFlight(): number {
    let sum = 0;
    for (const { inFlight } of this.all()) sum += inFlight;
    return sum;
  }

  ended(call: EndedCall): void {
    const { counts, context, outcome, ms, startedAt } = call;
    counts.ended[context.era][outcome]++;
    counts.durations.observe(ms);
    counts.answered += call.answered;
    this.series.add(startedAt + ms, ms, outcome !== "ok");
    const { server, tool, method } = counts;
    const principal = call.caller?.id;
    this.#calls.push({
      at: startedAt,
      server,
      tool,
      method,
      surface: call.surface,
      principal,
      outcome,
      ms,
    });
    for (const listener of this.#onCall) listener(call);
  }

  happened(event: GatewayEvent): void {
    if (event.kind === "audit.gap") this.auditLost += event.lost;
    const timed = { ...event, at: this.#now() };
    this.#events.push(timed);
    this.#eventTotals.set(event.kind, this.eventTotal(event.kind) + 1);
    for (const listener of this.#onEvent) listener(timed);
  }

  eventTotal(kind: GatewayEvent["kind"]): number {
    return this.#eventTotals.get(kind) ?? 0;
  }

  /** Oldest first. */
  recentCalls(): RecentCall[] {
    return this.#calls.list();
  }

  recentEvents(): TimedEvent[] {
    return this.#events.list();
  }

  /** Both return how to stop. */
  onCall(listener: (call: EndedCall) => void): () => void {
    this.#onCall.add(listener);
    return () => void this.#onCall.delete(listener);
  }

  onEvent(listener: (event: TimedEvent) => void): () => void {
    this.#onEvent.add(listener);
    return () => void this.#onEvent.delete(listener);
  }
}
