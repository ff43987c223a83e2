import { describe, expect, it } from "vitest";
import recorded from "./fixtures/open-meteo/marine-sydney.json" with { type: "json" };
import { openWeather } from "./support/weather.ts";

describe("marine", () => {
  it("answers in whole", async () => {
    const { call } = await openWeather();
    expect(await call("marine", { place: "-33.87,151.21", days: 2 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"place":"33.87°S 151.21°E (-33.87,151.21; Australia/Sydney)","times":["2025-01-15","2025-01-16"],"series":[{"variable":"wave_height_max","unit":"m","values":[25.2,21.5]},{"variable":"wave_direction_dominant","unit":"°","values":[351,317]},{"variable":"wave_period_max","unit":"s","values":[25.2,21.5]},{"variable":"swell_wave_height_max","unit":"m","values":[22.9,19.1]}],"notes":[],"source":"Wave model, not for navigation. Weather data by Open-Meteo.com (CC BY 4.0)."}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "notes": [],
          "place": "33.87°S 151.21°E (-33.87,151.21; Australia/Sydney)",
          "series": [
            {
              "unit": "m",
              "values": [
                25.2,
                21.5,
              ],
              "variable": "wave_height_max",
            },
            {
              "unit": "°",
              "values": [
                351,
                317,
              ],
              "variable": "wave_direction_dominant",
            },
            {
              "unit": "s",
              "values": [
                25.2,
                21.5,
              ],
              "variable": "wave_period_max",
            },
            {
              "unit": "m",
              "values": [
                22.9,
                19.1,
              ],
              "variable": "swell_wave_height_max",
            },
          ],
          "source": "Wave model, not for navigation. Weather data by Open-Meteo.com (CC BY 4.0).",
          "times": [
            "2025-01-15",
            "2025-01-16",
          ],
        },
      }
    `);
  });

  it("gives the recorded waves of Sydney in their own unit, by summer time", async () => {
    const { ask, host } = await openWeather();
    host.record("/v1/marine", recorded);
    const answer = await ask("marine", {
      place: "-33.75,151.25",
      step: "hour",
      variables: ["wave_height"],
    });
    expect(answer.times).toContain("2023-01-01T00:00+11:00");
    expect(answer.series).toMatchObject([{ unit: "ft", values: recorded.hourly.wave_height }]);
  });

  it("finds no sea inland, instead of a calm one", async () => {
    const { error, host } = await openWeather();
    host.world.missing = new Set(["wave_height"]);
    const failure = await error("marine", {
      place: "Berlin",
      step: "hour",
      variables: ["wave_height"],
    });
    expect(failure).toMatchObject({ code: "NOT_FOUND", details: { reason: "no_data_here" } });
  });

  it("passes on that the host has nothing there", async () => {
    const { error, host } = await openWeather();
    host.fail({
      status: 400,
      body: { error: true, reason: "No data is available for this location" },
    });
    expect((await error("marine", { place: "0,0" })).code).toBe("NOT_FOUND");
  });
});
