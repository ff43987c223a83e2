import { describe, expect, it } from "vitest";
import { FIRST_DATE, MAX_HISTORY_DAYS } from "../src/tools/history.ts";
import recorded from "./fixtures/open-meteo/archive-daily-brasilia.json" with { type: "json" };
import { openWeather } from "./support/weather.ts";

const day = { place: "Berlin", start: "2024-12-24", end: "2024-12-25" };

describe("history", () => {
  it("answers in whole", async () => {
    const { call } = await openWeather();
    expect(await call("history", day)).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"place":"Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)","times":["2024-12-24","2024-12-25"],"series":[{"variable":"temperature_2m_max","unit":"°C","values":[14.1,16]},{"variable":"temperature_2m_min","unit":"°C","values":[0.6,2]},{"variable":"precipitation_sum","unit":"mm","values":[0,1.1]},{"variable":"wind_speed_10m_max","unit":"km/h","values":[15.3,19.9]}],"notes":[],"source":"Reanalysis (ERA5 and others), no station. Weather data by Open-Meteo.com (CC BY 4.0)."}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "notes": [],
          "place": "Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)",
          "series": [
            {
              "unit": "°C",
              "values": [
                14.1,
                16,
              ],
              "variable": "temperature_2m_max",
            },
            {
              "unit": "°C",
              "values": [
                0.6,
                2,
              ],
              "variable": "temperature_2m_min",
            },
            {
              "unit": "mm",
              "values": [
                0,
                1.1,
              ],
              "variable": "precipitation_sum",
            },
            {
              "unit": "km/h",
              "values": [
                15.3,
                19.9,
              ],
              "variable": "wind_speed_10m_max",
            },
          ],
          "source": "Reanalysis (ERA5 and others), no station. Weather data by Open-Meteo.com (CC BY 4.0).",
          "times": [
            "2024-12-24",
            "2024-12-25",
          ],
        },
      }
    `);
  });

  it("gives a recorded answer as it is", async () => {
    const { ask, host } = await openWeather();
    host.record("/v1/archive", recorded);
    const answer = await ask("history", {
      place: "-15.8,-47.9",
      start: "2022-12-29",
      end: "2023-01-08",
      variables: ["temperature_2m_max"],
    });
    expect(answer).toMatchObject({
      times: recorded.daily.time,
      series: [{ unit: "°C", values: recorded.daily.temperature_2m_max }],
    });
  });

  it("compares with the mean of thirty years, one small request a year", async () => {
    const { ask, host } = await openWeather();
    const answer = await ask("history", {
      ...day,
      compare_to_normal: true,
      variables: ["temperature_2m_max"],
    });
    expect(answer).toMatchObject({
      series: [
        { variable: "temperature_2m_max" },
        { variable: "temperature_2m_max_normal", values: [expect.any(Number), expect.any(Number)] },
        {
          variable: "temperature_2m_max_anomaly",
          values: [expect.any(Number), expect.any(Number)],
        },
      ],
      notes: [expect.stringContaining("1991-2020")],
    });
    expect(host.requests.filter((path) => path.startsWith("/v1/archive"))).toHaveLength(31);
  });

  it("shows an anomaly in Fahrenheit as a difference, without the 32", async () => {
    const { ask } = await openWeather();
    const input = { ...day, compare_to_normal: true, variables: ["temperature_2m_max"] };
    const read = async (units: string) =>
      ((await ask("history", { ...input, units })) as { series: { values: number[] }[] }).series[2]
        ?.values[0];
    const [celsius, fahrenheit] = [await read("metric"), await read("imperial")];
    expect(fahrenheit).toBeCloseTo((celsius ?? Number.NaN) * 1.8, 1);
  });

  it.each([
    [{ start: "2024-02-30", end: "2024-03-01" }, "no_date"],
    [{ start: "2024-03-02", end: "2024-03-01" }, "end_before_start"],
    [{ start: "1939-12-31", end: "1940-01-02" }, "out_of_range"],
    [{ start: "2025-01-14", end: "2025-01-17" }, "out_of_range"],
    [{ start: "2023-01-01", end: "2024-01-02" }, "too_many_days"],
    [{ start: "2024-01-01", end: "2024-02-01", compare_to_normal: true }, "not_comparable"],
    [
      { start: "2024-01-01", end: "2024-01-01", step: "hour", compare_to_normal: true },
      "not_comparable",
    ],
  ])("refuses %j: %s", async (range, reason) => {
    const { error } = await openWeather();
    expect((await error("history", { place: "Berlin", ...range })).details.reason).toBe(reason);
  });

  it(`takes ${MAX_HISTORY_DAYS} days, from ${FIRST_DATE} on`, async () => {
    const { ask } = await openWeather();
    const year = await ask("history", { place: "Berlin", start: "2024-01-01", end: "2024-12-31" });
    expect(year.times).toHaveLength(MAX_HISTORY_DAYS);
    await ask("history", { place: "Berlin", start: FIRST_DATE, end: FIRST_DATE });
  });
});
