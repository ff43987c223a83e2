import { Histogram } from "./histogram.ts";

/** How a request ended; `denied` is one that the gateway refused, whoever asked. */
export const OUTCOMES = [
  "ok",
  "tool_error",
  "protocol_error",
  "timeout",
  "cancelled",
  "denied",
  "rate_limited",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const CALL_ERAS = ["legacy", "modern"] as const;
export type CallEra = (typeof CALL_ERAS)[number];

const none = (): Record<Outcome, number> => ({
  ok: 0,
  tool_error: 0,
  protocol_error: 0,
  timeout: 0,
  cancelled: 0,
  denied: 0,
  rate_limited: 0,
});

/** What was done with one tool, or with one method of one server; `tool` is "" for the latter. */
export class Counts {
  readonly server: string;
  readonly method: string;
  readonly tool: string;
  readonly ended: Record<CallEra, Record<Outcome, number>> = { legacy: none(), modern: none() };
  readonly durations = new Histogram();
  inFlight = 0;
  /** Characters of the arguments that it was asked with, about. */
  asked = 0;
  /** Characters of the content that it answered with. */
  answered = 0;

  constructor(server: string, method: string, tool: string) {
    this.server = server;
    this.method = method;
    this.tool = tool;
  }

  total(pick: (outcome: Outcome) => boolean = () => true): number {
    return CALL_ERAS.reduce(
      (sum, era) =>
        sum + OUTCOMES.reduce((part, one) => part + (pick(one) ? this.ended[era][one] : 0), 0),
      0,
    );
  }
}
