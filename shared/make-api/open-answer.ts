import type * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Answer, type EndpointKey, endpoints } from "./endpoints.ts";

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields of an unexpected answer that are named; the first says enough. */
const MAX_NAMED_FIELDS = 3;

/**
 * Takes what is asked for out of its envelope and checks it. Errors: API_ERROR that names the endpoint
 * and the fields, never the values, which may be secret.
 */
export function openAnswer<K extends EndpointKey>(key: K, body: unknown): Answer<K> {
  const { envelope, schema }: Endpoint = endpoints[key];
  if (envelope !== null && !(isObject(body) && envelope in body))
    throw unexpected(key, [`there is no "${envelope}" in it`]);
  const parsed = schema.safeParse(
    envelope === null ? body : (body as Record<string, unknown>)[envelope],
  );
  if (parsed.success) return parsed.data as Answer<K>;
  throw unexpected(key, describe(parsed.error, envelope));
}

function describe(error: z.ZodError, envelope: string | null): string[] {
  return error.issues.slice(0, MAX_NAMED_FIELDS).map(({ path, message }) => {
    const field = [...(envelope === null ? [] : [envelope]), ...path].join(".");
    return `${field || "the answer"}: ${message}`;
  });
}

const unexpected = (key: string, faults: readonly string[]): ToolError =>
  new ToolError(
    "API_ERROR",
    `Make answered ${key} in a shape that this server does not know: ${faults.join("; ")}. Nothing was computed from it. Report it.`,
    { details: { endpoint: key, faults } },
  );
