import * as z from "zod";
import { asks, defineTool } from "../define-tool.ts";

export const serviceStatus = defineTool({
  name: "service_status",
  title: "Service status",
  description: "What is left of the free limits, and how the hosts answer.",
  inputSchema: z.object({}),
  outputSchema: z.object({
    mode: z.string().describe("live, recording or replay"),
    plan: z.string().describe("free has limits, paid none"),
    limits: z.array(z.unknown()).describe("window, limit, used, left: in weight"),
    cached: z.int().min(0).describe("Answers kept"),
    hosts: z.array(z.unknown()).describe("host, requests, failures, last_answer, last_error"),
  }),
  annotations: { ...asks, openWorldHint: false },
  async handler(_, context) {
    const { openMeteo, tally } = await context.services.get("sources");
    const {
      WEATHER_REPLAY: replay,
      WEATHER_RECORD: record,
      OPEN_METEO_API_KEY: key,
    } = context.config;
    return {
      mode: replay === undefined ? (record === undefined ? "live" : "recording") : "replay",
      plan: key === undefined ? "free" : "paid",
      limits: openMeteo.budget.status(),
      cached: openMeteo.cached,
      hosts: tally.hosts().map(({ host, requests, failures, lastAnswerAt, lastError }) => ({
        host,
        requests,
        failures,
        ...(lastAnswerAt !== undefined && { last_answer: lastAnswerAt }),
        ...(lastError !== undefined && { last_error: lastError }),
      })),
    };
  },
});
