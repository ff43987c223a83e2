import * as z from "zod";
import { type ConfigOf, defineConfig } from "#shared/core/config.ts";
import manifest from "../package.json" with { type: "json" };
import { UNIT_SYSTEMS } from "./units/systems.ts";

/** Longest folder or User-Agent that is taken. */
const MAX_TEXT = 1_000;

const address = () => z.url({ protocol: /^https?$/, error: "expected an http or https address" });
const folder = () => z.string().max(MAX_TEXT);

export const config = defineConfig({
  OPEN_METEO_URL: {
    schema: address().optional(),
    describe:
      "One address for every Open-Meteo interface, for an installation of your own. Absent: the public hosts",
  },
  OPEN_METEO_API_KEY: {
    schema: z.string().min(1).optional(),
    describe: "Key of a commercial Open-Meteo plan; without one, the free hosts and their limits",
    secret: true,
    from: "open-meteo.com/en/pricing",
  },
  NWS_URL: {
    schema: address().default("https://api.weather.gov"),
    describe: "National Weather Service of the United States: alerts and observations",
  },
  NWS_USER_AGENT: {
    schema: z
      .string()
      .regex(/^[\x20-\x7e]+$/, "expected printable ASCII")
      .max(MAX_TEXT)
      .default(`${manifest.name}/${manifest.version} (https://github.com/flotilla-mcp/flotilla)`),
    describe: "How this server names itself to the NWS, which asks for a name and a contact",
  },
  WEATHER_UNITS: {
    schema: z.enum(UNIT_SYSTEMS).default("metric"),
    describe: `Units where a call names none: ${UNIT_SYSTEMS.join(", ")}`,
  },
  WEATHER_REPLAY: {
    schema: folder().optional(),
    describe: "Folder of recorded answers to give instead of asking anyone",
  },
  WEATHER_RECORD: {
    schema: folder().optional(),
    describe: "Folder that every answer is written to, for WEATHER_REPLAY",
  },
});

export type WeatherConfig = ConfigOf<typeof config.variables>;
