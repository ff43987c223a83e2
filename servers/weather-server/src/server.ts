import { defineServer } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
import { config } from "./config.ts";
import { planDayOutdoors } from "./prompts/plan-day-outdoors.ts";
import { codes } from "./resources/codes.ts";
import { forecastApp } from "./resources/forecast-app.ts";
import { placeAlerts } from "./resources/place-alerts.ts";
import { variable, variables } from "./resources/variables.ts";
import { services } from "./services.ts";
import { airQuality } from "./tools/air-quality.ts";
import { alerts } from "./tools/alerts.ts";
import { currentWeather } from "./tools/current-weather.ts";
import { findPlace } from "./tools/find-place.ts";
import { forecast } from "./tools/forecast.ts";
import { history } from "./tools/history.ts";
import { marine } from "./tools/marine.ts";
import { riverFlow } from "./tools/river-flow.ts";
import { serviceStatus } from "./tools/service-status.ts";

export const server = defineServer({
  manifest,
  instructions:
    'A place is "48.85,2.35", an id such as "id:2988507", or words such as "Paris Texas". An ambiguous name is answered with candidates: call again with the "place" of one. null is a missing value, never 0. Times are local with their offset. Show the source line to the user.',
  config,
  services,
  tools: [
    findPlace,
    currentWeather,
    forecast,
    history,
    alerts,
    airQuality,
    marine,
    riverFlow,
    serviceStatus,
  ],
  resources: [codes, variables, variable, placeAlerts, forecastApp],
  prompts: [planDayOutdoors],
  features: { completions: true, subscribe: true },
});

export default server;
