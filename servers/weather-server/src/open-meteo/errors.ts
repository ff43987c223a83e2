import * as z from "zod";
import type { ErrorDescription } from "#shared/http-client/options.ts";
import type { LimitName } from "../upstream/budget.ts";

const errorBody = z.object({ error: z.literal(true), reason: z.string() });

/** How each refusal for its number begins: Sources/App/Helper/Vapor/RateLimiter.swift. */
const LIMITS: readonly (readonly [start: string, window: LimitName])[] = [
  ["Minutely API request limit", "minute"],
  ["Hourly API request limit", "hour"],
  ["Daily API request limit", "day"],
];

/** Names of Swift types say nothing to a caller: "Cannot initialize X<Y> from invalid String value z for key k". */
const SWIFT = /^Cannot initialize .* from invalid String value (.*) for key (\S*)\s*$/s;

function inPlainWords(reason: string): string {
  const [, value, key] = SWIFT.exec(reason) ?? [];
  if (value === undefined) return reason;
  return `Open-Meteo does not know the value ${JSON.stringify(value)}${key ? ` of ${key}` : ""}`;
}

/** What Open-Meteo says of its own failure. */
export function describeError(status: number, body: unknown): ErrorDescription | undefined {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { reason } = parsed.data;
  const limit = LIMITS.find(([start]) => reason.startsWith(start));
  // waiting for the next try helps against a crowd, not against a limit that ends in an hour
  if (limit)
    return {
      message: reason,
      transient: false,
      details: { reason: "host_limit", window: limit[1] },
    };
  if (reason.startsWith("No data is available"))
    return { code: "NOT_FOUND", message: reason, details: { reason: "no_data_here" } };
  return {
    ...(status === 400 && { code: "VALIDATION_ERROR" as const }),
    message: inPlainWords(reason),
  };
}
