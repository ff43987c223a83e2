import { ToolError } from "#shared/core/errors.ts";
import { senderOf } from "../access/address.ts";
import type { Caller, Identity } from "../access/caller.ts";
import type { Counts } from "../activity/counts.ts";
import { isMeant, parsePattern } from "../policy/grants.ts";
import type { Check, Refusal } from "../policy/guard.ts";
import type { Rule } from "./gcra.ts";
import type { Limits } from "./open.ts";

export interface Limiter {
  /** 0 when it lets through, else the milliseconds until it will. */
  take(key: string, rule: Rule): number | Promise<number>;
}

/** Limits of a principal, and of a principal at one tool. Without a principal it is the address. */
export function limitCheck(
  { principal, tools }: Pick<Limits, "principal" | "tools">,
  limiter: Limiter,
): Check {
  const ruleFor = toolRules(tools);
  const atTool = (waited: number, keys: Keys, counts: Counts) => {
    const rule = waited > 0 ? undefined : ruleFor(counts);
    if (!rule) return refusal(waited);
    const own = limiter.take(toolKey(keys, counts), rule);
    return typeof own === "number" ? refusal(own) : own.then(refusal);
  };
  return ({ counts }, caller) => {
    const keys = keysOf(caller);
    const wait = principal ? limiter.take(keys.own, principal) : 0;
    return typeof wait === "number"
      ? atTool(wait, keys, counts)
      : wait.then((waited) => atTool(waited, keys, counts));
  };
}

/** What is counted by, made once: a text that is put together anew has to be looked at whole. */
interface Keys {
  own: string;
  id: string;
  tools: Map<Counts, string>;
}

const keysOfIdentity = new WeakMap<Identity, Keys>();
const makeKeys = (id: string): Keys => ({ own: `p:${id}`, id, tools: new Map() });

function keysOf(caller: Caller | undefined): Keys {
  if (!caller) return makeKeys("");
  const { identity, address } = caller;
  if (identity.kind === "anonymous") return makeKeys(senderOf(address));
  const known = keysOfIdentity.get(identity);
  if (known) return known;
  const made = makeKeys(identity.id);
  keysOfIdentity.set(identity, made);
  return made;
}

function toolKey({ id, tools }: Keys, counts: Counts): string {
  const known = tools.get(counts);
  if (known !== undefined) return known;
  const made = `t:${counts.server}:${counts.tool || counts.method}:${id}`;
  tools.set(counts, made);
  return made;
}

/** Which rule a tool has is found once. */
function toolRules(tools: Readonly<Record<string, Rule>>) {
  const rules = Object.entries(tools).flatMap(([text, rule]) => {
    const pattern = parsePattern(text);
    return pattern ? [{ pattern, rule }] : [];
  });
  if (rules.length === 0) return () => undefined;
  const found = new WeakMap<Counts, Rule | typeof NONE>();
  return (counts: Counts): Rule | undefined => {
    const known =
      found.get(counts) ??
      rules.find(({ pattern }) => isMeant([pattern], counts.server, counts.tool || counts.method))
        ?.rule;
    found.set(counts, known ?? NONE);
    return known === NONE ? undefined : known;
  };
}

const NONE = Symbol("no rule");

const SECOND_MS = 1_000;

function refusal(waitMs: number): Refusal | undefined {
  if (waitMs <= 0) return undefined;
  const seconds = Math.max(1, Math.ceil(waitMs / SECOND_MS));
  return {
    outcome: "rate_limited",
    reason: "rate_limit",
    error: new ToolError(
      "RATE_LIMITED",
      `That is more calls than you are let to make. Try again in ${seconds} s, and make fewer at a time.`,
      { details: { reason: "rate_limit", retryAfterSeconds: seconds } },
    ),
  };
}
