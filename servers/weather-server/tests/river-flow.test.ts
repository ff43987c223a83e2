import { describe, expect, it } from "vitest";
import { MAX_RIVER_DAYS } from "../src/tools/river-flow.ts";
import recorded from "./fixtures/open-meteo/flood-brisbane.json" with { type: "json" };
import { openWeather } from "./support/weather.ts";

describe("river_flow", () => {
  it("answers in whole", async () => {
    const { call } = await openWeather();
    expect(await call("river_flow", { place: "Berlin", days: 2 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"place":"Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)","times":["2025-01-15","2025-01-16"],"series":[{"variable":"river_discharge","unit":"m³/s","values":[36.6,31.6]},{"variable":"river_discharge_median","unit":"m³/s","values":[30.9,25.9]},{"variable":"river_discharge_p25","unit":"m³/s","values":[27.3,22.3]},{"variable":"river_discharge_p75","unit":"m³/s","values":[27.3,22.3]}],"notes":[],"source":"River model (GloFAS), no gauge. Weather data by Open-Meteo.com (CC BY 4.0)."}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "notes": [],
          "place": "Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)",
          "series": [
            {
              "unit": "m³/s",
              "values": [
                36.6,
                31.6,
              ],
              "variable": "river_discharge",
            },
            {
              "unit": "m³/s",
              "values": [
                30.9,
                25.9,
              ],
              "variable": "river_discharge_median",
            },
            {
              "unit": "m³/s",
              "values": [
                27.3,
                22.3,
              ],
              "variable": "river_discharge_p25",
            },
            {
              "unit": "m³/s",
              "values": [
                27.3,
                22.3,
              ],
              "variable": "river_discharge_p75",
            },
          ],
          "source": "River model (GloFAS), no gauge. Weather data by Open-Meteo.com (CC BY 4.0).",
          "times": [
            "2025-01-15",
            "2025-01-16",
          ],
        },
      }
    `);
  });

  it("gives recorded days as they are, and the rest as missing", async () => {
    const { ask, host } = await openWeather();
    host.record("/v1/flood", recorded);
    const answer = await ask("river_flow", { place: "-27.45,153.05" });
    expect(answer).toMatchObject({ times: recorded.daily.time, notes: expect.any(Array) });
    expect(answer.series).toMatchObject([
      { unit: "m³/s", values: recorded.daily.river_discharge },
      { values: [null, null] },
      { values: [null, null] },
      { values: [null, null] },
    ]);
  });

  it(`reaches ${MAX_RIVER_DAYS} days`, async () => {
    const { ask, error } = await openWeather();
    const { times } = await ask("river_flow", { place: "Berlin", days: MAX_RIVER_DAYS });
    expect(times).toHaveLength(MAX_RIVER_DAYS);
    const { code } = await error("river_flow", { place: "Berlin", days: MAX_RIVER_DAYS + 1 });
    expect(code).toBe("VALIDATION_ERROR");
  });
});
