import * as z from "zod";
import { expectShape } from "../upstream/shape.ts";

export const SEVERITIES = ["Unknown", "Minor", "Moderate", "Severe", "Extreme"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Characters of a description that are shown; the whole text is behind the address. */
export const MAX_DESCRIPTION = 1_500;

const text = z.string().nullish();
const properties = z.object({
  "@id": z.string().optional(),
  id: z.string(),
  event: z.string(),
  severity: z.enum(SEVERITIES).catch("Unknown"),
  certainty: z.string().catch("Unknown"),
  urgency: z.string().catch("Unknown"),
  areaDesc: z.string().catch(""),
  status: z.string().optional(),
  messageType: z.string().optional(),
  onset: text,
  effective: text,
  ends: text,
  expires: text,
  senderName: text,
  headline: text,
  description: text,
  instruction: text,
});
const collection = z.object({ features: z.array(z.object({ properties })) });

export type Alert = {
  id: string;
  event: string;
  severity: Severity;
  certainty: string;
  urgency: string;
  areas: string;
  starts?: string;
  ends?: string;
  headline?: string;
  description?: string;
  instruction?: string;
  sender?: string;
};

const shortened = (value: string): string =>
  value.length <= MAX_DESCRIPTION ? value : `${value.slice(0, MAX_DESCRIPTION)} [cut]`;

/** What the alert says under this name; what it does not say is left out. */
const said = <K extends string>(
  name: K,
  value: string | null | undefined,
): { [key in K]?: string } =>
  (value ? { [name]: shortened(value) } : {}) as { [key in K]?: string };

const toAlert = (given: z.output<typeof properties>): Alert => ({
  id: given.id,
  event: given.event,
  severity: given.severity,
  certainty: given.certainty,
  urgency: given.urgency,
  areas: shortened(given.areaDesc),
  ...said("starts", given.onset ?? given.effective),
  ...said("ends", given.ends ?? given.expires),
  ...said("headline", given.headline),
  ...said("description", given.description),
  ...said("instruction", given.instruction),
  ...said("sender", given.senderName),
});

/** What is in force at `now`, the gravest first. Errors: API_ERROR for an answer of another shape. */
export function readAlerts(body: unknown, now: Date): Alert[] {
  return expectShape(collection, body, "NWS")
    .features.map(({ properties: one }) => one)
    .filter(({ status, messageType }) => status !== "Test" && messageType !== "Cancel")
    .map(toAlert)
    .filter(({ ends }) => ends === undefined || Date.parse(ends) > now.getTime())
    .sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
}
