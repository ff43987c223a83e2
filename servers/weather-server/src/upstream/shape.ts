import type * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";

/** What a host sent, checked. Errors: API_ERROR for anything else than `schema` describes. */
export function expectShape<S extends z.ZodType>(
  schema: S,
  body: unknown,
  host: "Open-Meteo" | "NWS",
): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ToolError(
    "API_ERROR",
    `${host} answered in a shape that this server does not know. Try again later, or report it.`,
    { details: { reason: "unknown_shape", host }, cause: parsed.error },
  );
}
