import { describe, expect, it } from "vitest";
import { MAX_VALUES } from "../src/series/output.ts";
import { variablesOf } from "../src/variables/catalog.ts";
import { MAX_VARIABLES } from "../src/variables/choose.ts";
import { PRESETS } from "../src/variables/presets.ts";
import recorded from "./fixtures/open-meteo/forecast-daily-berlin.json" with { type: "json" };
import nulls from "./fixtures/open-meteo/forecast-daily-negative-lon.json" with { type: "json" };
import { openWeather } from "./support/weather.ts";

describe("forecast", () => {
  it("answers in whole", async () => {
    const { call } = await openWeather();
    expect(await call("forecast", { place: "Berlin" })).toMatchInlineSnapshot(`
      {
        "_meta": {
          "place": "id:2950159",
        },
        "content": [
          {
            "text": "{"place":"Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)","times":["2025-01-15","2025-01-16","2025-01-17"],"series":[{"variable":"weather_code","unit":"wmo code","values":[95,95,95]},{"variable":"temperature_2m_max","unit":"°C","values":[15.8,13.8,11.2]},{"variable":"temperature_2m_min","unit":"°C","values":[1.8,0.3,-1.6]},{"variable":"precipitation_sum","unit":"mm","values":[1,0,0]},{"variable":"precipitation_probability_max","unit":"%","values":[60,47,31]},{"variable":"wind_speed_10m_max","unit":"km/h","values":[19.4,14.4,8.1]},{"variable":"wind_direction_10m_dominant","unit":"°","values":[344,300,242]},{"variable":"sunrise","unit":"local time","values":["2025-01-15T07:41+01:00","2025-01-16T07:41+01:00","2025-01-17T07:41+01:00"]},{"variable":"sunset","unit":"local time","values":["2025-01-15T16:04+01:00","2025-01-16T16:04+01:00","2025-01-17T16:04+01:00"]}],"notes":[],"source":"Model forecast, no measurement. Weather data by Open-Meteo.com (CC BY 4.0).","codes":{"95":"Thunderstorm (slight or moderate)"}}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "codes": {
            "95": "Thunderstorm (slight or moderate)",
          },
          "notes": [],
          "place": "Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)",
          "series": [
            {
              "unit": "wmo code",
              "values": [
                95,
                95,
                95,
              ],
              "variable": "weather_code",
            },
            {
              "unit": "°C",
              "values": [
                15.8,
                13.8,
                11.2,
              ],
              "variable": "temperature_2m_max",
            },
            {
              "unit": "°C",
              "values": [
                1.8,
                0.3,
                -1.6,
              ],
              "variable": "temperature_2m_min",
            },
            {
              "unit": "mm",
              "values": [
                1,
                0,
                0,
              ],
              "variable": "precipitation_sum",
            },
            {
              "unit": "%",
              "values": [
                60,
                47,
                31,
              ],
              "variable": "precipitation_probability_max",
            },
            {
              "unit": "km/h",
              "values": [
                19.4,
                14.4,
                8.1,
              ],
              "variable": "wind_speed_10m_max",
            },
            {
              "unit": "°",
              "values": [
                344,
                300,
                242,
              ],
              "variable": "wind_direction_10m_dominant",
            },
            {
              "unit": "local time",
              "values": [
                "2025-01-15T07:41+01:00",
                "2025-01-16T07:41+01:00",
                "2025-01-17T07:41+01:00",
              ],
              "variable": "sunrise",
            },
            {
              "unit": "local time",
              "values": [
                "2025-01-15T16:04+01:00",
                "2025-01-16T16:04+01:00",
                "2025-01-17T16:04+01:00",
              ],
              "variable": "sunset",
            },
          ],
          "source": "Model forecast, no measurement. Weather data by Open-Meteo.com (CC BY 4.0).",
          "times": [
            "2025-01-15",
            "2025-01-16",
            "2025-01-17",
          ],
        },
      }
    `);
  });

  it("gives quarter hours, hours and days of each preset", async () => {
    const { ask } = await openWeather();
    for (const preset of PRESETS) {
      for (const [step, rows] of [
        ["15min", 96],
        ["hour", 24],
        ["day", 1],
      ] as const) {
        const answer = await ask("forecast", { place: "Berlin", step, preset, days: 1 });
        expect(answer.times, `${preset} ${step}`).toHaveLength(rows);
      }
    }
  });

  it("reads a near name and says so", async () => {
    const { ask } = await openWeather();
    const input = {
      place: "Berlin",
      step: "hour",
      days: 1,
      variables: ["Temperature", "wind", "dewpoint"],
    };
    expect((await ask("forecast", input)).notes).toEqual([
      '"Temperature" was read as temperature_2m.',
      '"wind" was read as wind_speed_10m.',
      '"dewpoint" was read as dew_point_2m.',
    ]);
  });

  it("asks nobody for a variable that does not exist, or not with this step", async () => {
    const { error, host } = await openWeather();
    const input = {
      place: "Berlin",
      step: "hour",
      variables: ["temprature_2m", "sunrise", "lksdfj"],
    };
    expect(await error("forecast", input)).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "reason": "unknown_variable",
          "unknown": [
            {
              "name": "temprature_2m",
              "steps": [],
              "suggestions": [
                "temperature_2m",
                "temperature_20m",
                "temperature_40m",
                "temperature_50m",
                "temperature_80m",
              ],
            },
            {
              "name": "sunrise",
              "steps": [
                "day",
              ],
              "suggestions": [],
            },
            {
              "name": "lksdfj",
              "steps": [],
              "suggestions": [],
            },
          ],
        },
        "message": "Not all variables can be given with step hour: temprature_2m is unknown; near it: temperature_2m, temperature_20m, temperature_40m, temperature_50m, temperature_80m; sunrise exists with step day only; lksdfj is unknown. All names are in the resource weather://variables/forecast.",
        "timestamp": "2025-01-15T11:07:00.000Z",
      }
    `);
    expect(host.requests).toEqual([]);
  });

  it("tells the spread of five models", async () => {
    const { ask } = await openWeather();
    const input = {
      place: "Berlin",
      days: 2,
      confidence: "models",
      variables: ["temperature_2m_max", "sunrise"],
    };
    const { confidence, notes } = await ask("forecast", input);
    expect({ confidence, notes }).toMatchInlineSnapshot(`
      {
        "confidence": [
          {
            "high": [
              23.2,
              21.2,
            ],
            "low": [
              15.5,
              13.5,
            ],
            "middle": [
              18.8,
              16.8,
            ],
            "range": "range of 5 models",
            "sources": 5,
            "unit": "°C",
            "variable": "temperature_2m_max",
          },
        ],
        "notes": [
          "The spread is told for temperature_2m_max.",
        ],
      }
    `);
  });

  it("tells the spread of 51 members by percentiles", async () => {
    const { ask } = await openWeather();
    const input = {
      place: "Berlin",
      days: 1,
      confidence: "ensemble",
      variables: ["temperature_2m_max"],
    };
    expect((await ask("forecast", input)).confidence).toMatchInlineSnapshot(`
      [
        {
          "high": [
            19.8,
          ],
          "low": [
            11.8,
          ],
          "middle": [
            15.8,
          ],
          "range": "middle 80% of 51 runs",
          "sources": 51,
          "unit": "°C",
          "variable": "temperature_2m_max",
        },
      ]
    `);
  });

  it("shows recorded sunrise and sunset as they were, with their offset", async () => {
    const { ask, host } = await openWeather({ now: new Date("2021-11-24T12:00:00Z") });
    host.record("/v1/forecast", recorded);
    const input = { place: "52.52,13.42", days: 7, variables: ["sunrise", "sunset"] };
    const { series } = (await ask("forecast", input)) as { series: { values: string[] }[] };
    expect(series[0]?.values).toEqual(recorded.daily.sunrise.map((time) => `${time}+01:00`));
    expect(series[1]?.values).toEqual(recorded.daily.sunset.map((time) => `${time}+01:00`));
  });

  it.each([
    ["night", ["sunrise", "sunset"], ["polar night", "polar night"]],
    ["day", ["sunrise", "sunset"], ["polar day", "polar day"]],
    ["day", ["sunset"], ["polar day or night"]],
  ] as const)("has no time of sunrise in the polar %s, of %j", async (polar, variables, values) => {
    const { ask, host } = await openWeather();
    host.world.polar = polar;
    const { series, notes } = await ask("forecast", { place: "78.22,15.65", days: 1, variables });
    expect({ series, notes }).toMatchObject({
      series: values.map((value) => ({ values: [value] })),
      notes: [],
    });
  });

  it("has no sunrise where an older host tells of 1970", async () => {
    const { ask, host } = await openWeather();
    const daily = { time: ["2025-01-15"], sunrise: ["1970-01-01T00:00"] };
    const place = { latitude: 78.22, longitude: 15.65, utc_offset_seconds: 3_600 };
    host.record("/v1/forecast", { ...place, timezone: "Arctic/Longyearbyen", daily });
    const input = { place: "78.22,15.65", days: 1, variables: ["sunrise"] };
    expect((await ask("forecast", input)).series).toMatchObject([{ values: [null] }]);
  });

  it("calls recorded nulls missing, and says so", async () => {
    const { ask, host } = await openWeather();
    host.record("/v1/forecast", nulls);
    const input = { place: "-12.5,-130.875", variables: ["temperature_2m_max"] };
    expect((await ask("forecast", input)).notes).toEqual([
      "temperature_2m_max: no data for this place and time.",
    ]);
  });

  it.each([
    ["metric", ["°C", "mm", "km/h"]],
    ["imperial", ["°F", "inch", "mph"]],
    ["si", ["°C", "mm", "m/s"]],
    ["nautical", ["°C", "mm", "kn"]],
  ])("gives %s units beside the values, from one request", async (units, expected) => {
    const { ask, host } = await openWeather({ env: { WEATHER_UNITS: units } });
    const variables = ["temperature_2m", "precipitation", "wind_speed_10m"];
    const input = { place: "52.5,13.4", step: "hour", days: 1, variables };
    await ask("forecast", { ...input, units: "metric" });
    const { series } = (await ask("forecast", input)) as { series: { unit: string }[] };
    expect(series.map(({ unit }) => unit)).toEqual(expected);
    expect(host.requests).toHaveLength(1);
  });

  it("takes as many values as fit into an answer, and no more", async () => {
    const { ask, error } = await openWeather();
    const input = { place: "52.5,13.4", step: "15min", days: 16, past_days: 3 };
    const variables = variablesOf("forecast", "15min");
    await ask("forecast", { ...input, variables: variables.slice(0, 8) });
    expect(
      (await error("forecast", { ...input, variables: variables.slice(0, 9) })).details,
    ).toMatchObject({
      reason: "too_many_values",
      limit: MAX_VALUES,
    });
    const names = Array.from({ length: MAX_VARIABLES + 1 }, () => "temperature_2m");
    expect((await error("forecast", { place: "52.5,13.4", variables: names })).code).toBe(
      "VALIDATION_ERROR",
    );
  });
});
