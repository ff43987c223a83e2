import * as z from "zod";
import type { ErrorDescription } from "#shared/http-client/options.ts";

/** RFC 7807; what it calls the problem is the last part of `type`. */
const problem = z.object({
  type: z.string(),
  title: z.string(),
  detail: z.string().optional(),
  correlationId: z.string().optional(),
});

/** Problems that are gone a moment later, whatever their status: they come from a grid being renewed. */
const PASSING = new Set([
  "UnexpectedProblem",
  "ForecastGridExpired",
  "ForecastMissingData",
  "UnavailableWebService",
]);

/** What the NWS says of its own failure. */
export function describeProblem(status: number, body: unknown): ErrorDescription | undefined {
  if (status === 403)
    return {
      message: "The NWS did not accept the User-Agent. Set NWS_USER_AGENT to a name and a contact.",
      code: "CONFIG_ERROR",
    };
  const parsed = problem.safeParse(body);
  if (!parsed.success) return undefined;
  const { title, detail, type, correlationId } = parsed.data;
  const name = type.split(/[/:]/).at(-1) ?? type;
  return {
    message: detail === undefined || detail === "" ? title : `${title}: ${detail}`,
    ...(status === 400 && { code: "VALIDATION_ERROR" as const }),
    ...(PASSING.has(name) && { transient: true }),
    details: { problem: name, ...(correlationId !== undefined && { correlationId }) },
  };
}
