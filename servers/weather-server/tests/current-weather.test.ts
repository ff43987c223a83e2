import { describe, expect, it } from "vitest";
import { MAX_OBSERVED, MAX_PLACES } from "../src/tools/current-weather.ts";
import recorded from "./fixtures/open-meteo/forecast-current-berlin.json" with { type: "json" };
import { openWeather } from "./support/weather.ts";

const coordinates = (count: number) =>
  Array.from({ length: count }, (_, index) => `${40 + index / 10},${index}`);

describe("current_weather", () => {
  it("answers in whole", async () => {
    const { call } = await openWeather();
    expect(await call("current_weather", { places: ["Berlin"] })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"results":[{"query":"Berlin","place":"Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)","time":"2025-01-15T12:00+01:00","age_minutes":7,"weather":"Overcast, day, wind from NW","values":[{"variable":"temperature_2m","unit":"°C","value":7.3},{"variable":"apparent_temperature","unit":"°C","value":8.1},{"variable":"relative_humidity_2m","unit":"%","value":46},{"variable":"precipitation","unit":"mm","value":2.1},{"variable":"snowfall","unit":"cm","value":0.1},{"variable":"cloud_cover","unit":"%","value":90},{"variable":"pressure_msl","unit":"hPa","value":1023.6},{"variable":"wind_speed_10m","unit":"km/h","value":17},{"variable":"wind_direction_10m","unit":"°","value":316},{"variable":"wind_gusts_10m","unit":"km/h","value":17}]}],"notes":[],"source":"Model analysis of now, no measurement. Weather data by Open-Meteo.com (CC BY 4.0)."}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "notes": [],
          "results": [
            {
              "age_minutes": 7,
              "place": "Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)",
              "query": "Berlin",
              "time": "2025-01-15T12:00+01:00",
              "values": [
                {
                  "unit": "°C",
                  "value": 7.3,
                  "variable": "temperature_2m",
                },
                {
                  "unit": "°C",
                  "value": 8.1,
                  "variable": "apparent_temperature",
                },
                {
                  "unit": "%",
                  "value": 46,
                  "variable": "relative_humidity_2m",
                },
                {
                  "unit": "mm",
                  "value": 2.1,
                  "variable": "precipitation",
                },
                {
                  "unit": "cm",
                  "value": 0.1,
                  "variable": "snowfall",
                },
                {
                  "unit": "%",
                  "value": 90,
                  "variable": "cloud_cover",
                },
                {
                  "unit": "hPa",
                  "value": 1023.6,
                  "variable": "pressure_msl",
                },
                {
                  "unit": "km/h",
                  "value": 17,
                  "variable": "wind_speed_10m",
                },
                {
                  "unit": "°",
                  "value": 316,
                  "variable": "wind_direction_10m",
                },
                {
                  "unit": "km/h",
                  "value": 17,
                  "variable": "wind_gusts_10m",
                },
              ],
              "weather": "Overcast, day, wind from NW",
            },
          ],
          "source": "Model analysis of now, no measurement. Weather data by Open-Meteo.com (CC BY 4.0).",
        },
      }
    `);
  });

  it("asks once for 50 places, and not at all when they are asked again", async () => {
    const { ask, host } = await openWeather();
    const input = { places: coordinates(MAX_PLACES) };
    const { results } = (await ask("current_weather", input)) as { results: object[] };
    expect(results).toHaveLength(MAX_PLACES);
    expect(results.at(-1)).toMatchObject({
      query: "44.9,49",
      time: expect.stringMatching(/\+03:00$/),
    });
    expect(host.requests).toHaveLength(1);
    await ask("current_weather", input);
    expect(host.requests).toHaveLength(1);
  });

  it("refuses one place more", async () => {
    const { error } = await openWeather();
    const { code } = await error("current_weather", { places: coordinates(MAX_PLACES + 1) });
    expect(code).toBe("VALIDATION_ERROR");
  });

  it("says of each place for itself what is wrong with it", async () => {
    const { ask, host } = await openWeather();
    const { results } = await ask("current_weather", {
      places: ["Paris", "Berlin", "Nowhereville", "id:5506956", "91,0"],
    });
    expect(results).toMatchObject([
      {
        query: "Paris",
        error: { reason: "ambiguous_place", candidates: [{ place: "id:2988507" }, {}] },
      },
      { query: "Berlin", values: expect.any(Array) },
      { query: "Nowhereville", error: { code: "NOT_FOUND" } },
      { query: "id:5506956", place: expect.stringContaining("Nevada") },
      { query: "91,0", error: { reason: "out_of_range" } },
    ]);
    expect(host.requests.filter((path) => path.startsWith("/v1/forecast"))).toHaveLength(1);
  });

  it("leaves out what a recorded answer does not have: missing, not 0", async () => {
    const { ask, host } = await openWeather({ now: new Date("2026-08-01T10:07:00Z") });
    host.record("/v1/forecast", recorded);
    const { results } = (await ask("current_weather", { places: ["52.52,13.4"] })) as {
      results: { values: { value: unknown }[] }[];
    };
    expect(results[0]).toMatchObject({ weather: "Slight rain", age_minutes: 7 });
    expect(results[0]?.values.every(({ value }) => value === null)).toBe(true);
  });

  it("puts a station's measured report beside the model, with its age", async () => {
    const { ask } = await openWeather({ now: new Date("2022-03-03T00:23:00Z") });
    const { results } = await ask("current_weather", { places: ["30,-85"], observed: true });
    expect(results).toMatchObject([
      {
        observation: {
          station: "KCMH",
          age_minutes: 30,
          stale: false,
          time: "2022-03-02T18:53-05:00",
          description: "Mostly Cloudy",
          values: expect.arrayContaining([
            { variable: "temperature", unit: "°C", value: 22.8 },
            { variable: "wind_gusts", unit: "km/h", value: null },
            { variable: "pressure_msl", unit: "hPa", value: 1018.7 },
          ]),
        },
      },
    ]);
  });

  it("marks a report of two days ago as stale, after asking three stations", async () => {
    const { ask, host } = await openWeather({ now: new Date("2022-03-05T00:23:00Z") });
    const { results } = await ask("current_weather", { places: ["30,-85"], observed: true });
    expect(results).toMatchObject([{ observation: { stale: true, age_minutes: 2_910 } }]);
    expect(host.requests.filter((path) => path.endsWith("/latest"))).toHaveLength(3);
  });

  it("asks no station across the border", async () => {
    const { ask, host } = await openWeather();
    const { results } = await ask("current_weather", { places: ["Tijuana"], observed: true });
    expect(results).toMatchObject([
      { observation: { error: expect.stringContaining("NWS covers") } },
    ]);
    expect(host.requests.some((path) => path.startsWith("/points"))).toBe(false);
  });

  it(`observes at most ${MAX_OBSERVED} places`, async () => {
    const { error, ask } = await openWeather();
    const many = { places: coordinates(MAX_OBSERVED + 1), observed: true };
    expect((await error("current_weather", many)).details.reason).toBe("too_many_observed");
    await ask("current_weather", { ...many, places: coordinates(MAX_OBSERVED) });
  });
});
