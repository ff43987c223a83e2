import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { asks, defineTool } from "../define-tool.ts";
import { SEVERITIES } from "../nws/alerts.ts";
import { type AlertsQuestion, alertsAt, askAlerts } from "../nws/ask-alerts.ts";
import { aboutPlace, type WeatherContext } from "../places/asking.ts";
import { labelOf, placeInput } from "../places/place.ts";
import { sourceLine, sourceOutput } from "../series/output.ts";

export const MAX_ALERTS = 50;
const USUAL_LIMIT = 10;

export const alerts = defineTool({
  name: "alerts",
  title: "Weather alerts",
  description: "Warnings in force in the United States, for one place, area or zone.",
  inputSchema: z.object({
    place: placeInput.optional(),
    area: z
      .string()
      .regex(/^[A-Za-z]{2}$/)
      .max(2)
      .optional()
      .describe("State or sea area: TX"),
    zone: z
      .string()
      .regex(/^[A-Za-z]{2}[CZcz]\d{3}$/)
      .max(6)
      .optional()
      .describe("NWS zone: TXZ211"),
    min_severity: z.enum(SEVERITIES).default("Unknown").describe("Least severity"),
    limit: z.int().min(1).max(MAX_ALERTS).default(USUAL_LIMIT).describe("Alerts shown"),
  }),
  outputSchema: z.object({
    where: z.string().describe("Asked about"),
    alerts: z
      .array(
        z.looseObject({
          event: z.string().describe("Kind"),
          severity: z.string().describe("Degree"),
        }),
      )
      .describe("Gravest first, with times and texts"),
    total: z.int().min(0).describe("In force"),
    source: sourceOutput,
  }),
  annotations: asks,
  async handler({ place: words, area, zone, min_severity: least, limit }, context) {
    const { nws, now } = await context.services.get("sources");
    const { where, question } = await locate({ words, area, zone }, context);
    const { signal } = context;
    const found = await askAlerts(question, { nws, signal, now: now() });
    const all = found.alerts.filter(
      ({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least),
    );
    return {
      where,
      alerts: all.slice(0, limit),
      total: all.length,
      source: sourceLine(["nws"], "Official warnings", found.recordedAt),
    };
  },
});

interface Wanted {
  words: string | undefined;
  area: string | undefined;
  zone: string | undefined;
}

interface Located {
  where: string;
  question: AlertsQuestion;
}

/** The host takes one locator only, and answers any other parameter with an error. */
async function locate({ words, area, zone }: Wanted, context: WeatherContext): Promise<Located> {
  if ([words, area, zone].filter((one) => one !== undefined).length !== 1)
    throw new ToolError("VALIDATION_ERROR", "Give exactly one of place, area and zone.", {
      details: { reason: "one_locator" },
    });
  const named = (name: "area" | "zone", text: string): Located => {
    const where = text.toUpperCase();
    return { where, question: { query: { [name]: where } } };
  };
  if (area !== undefined) return named("area", area);
  if (zone !== undefined) return named("zone", zone);
  const { place } = await aboutPlace(words ?? "", context);
  return { where: labelOf(place), question: alertsAt(place) };
}
