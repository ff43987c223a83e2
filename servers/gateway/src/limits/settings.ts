import * as z from "zod";
import { MAX_LISTENERS } from "#shared/mcp/listeners.ts";
import { parsePattern } from "../policy/grants.ts";
import { type Rule, ruleOf } from "./gcra.ts";

/** Bounds of a rule. */
export const RULE_LIMITS = {
  rate: { min: 1, max: 1_000_000 },
  replicas: { min: 1, max: 1_000 },
  listeners: { min: 1, max: MAX_LISTENERS },
};

const { rate: bounds, replicas, listeners } = RULE_LIMITS;

const rule = z
  .strictObject({
    rate: z.int().min(bounds.min).max(bounds.max).describe("So many"),
    per: z.enum(["second", "minute", "hour"]).default("second").describe("in such a time"),
    burst: z
      .int()
      .min(bounds.min)
      .max(bounds.max)
      .optional()
      .describe("and so many at once; as many as the rate unless given"),
  })
  .transform(({ rate, per, burst }): Rule => ruleOf(rate, per, burst));

/** Absent: what holds by itself. */
const ruleOrNone = z.union([z.literal(false), rule]).optional();

/** What holds off loopback, and wherever there is access control, unless the file says otherwise. */
export const DEFAULT_RULES = {
  principal: ruleOf(100, "second", 200),
  address: ruleOf(200, "second", 400),
} as const;
/** Streams of changes of one principal, unless the file says otherwise. */
export const DEFAULT_LISTENERS = 10;

export const limitSettings = z.strictObject({
  principal: ruleOrNone.describe("Calls of one principal; false for as many as they like"),
  address: ruleOrNone.describe(
    "Requests from one address, before it is looked who sends them; false for as many as they like",
  ),
  tools: z
    .record(
      z.string().refine((pattern) => parsePattern(pattern) !== undefined, {
        error: "is no pattern such as server:tool",
      }),
      rule,
    )
    .default({})
    .describe("Calls of one principal to each tool that is meant; the first that fits counts"),
  listeners: z
    .int()
    .min(listeners.min)
    .max(listeners.max)
    .default(DEFAULT_LISTENERS)
    .describe("Streams of changes that one principal may have open, or one address without access"),
  replicas: z
    .int()
    .min(replicas.min)
    .max(replicas.max)
    .default(1)
    .describe("Gateways that share the limits through Redis"),
});

export type LimitSettings = z.output<typeof limitSettings>;
