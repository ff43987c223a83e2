import { describe, expect, it } from "vitest";
import { MAX_AIR_DAYS } from "../src/tools/air-quality.ts";
import recorded from "./fixtures/open-meteo/air-quality-beijing.json" with { type: "json" };
import { openWeather } from "./support/weather.ts";

describe("air_quality", () => {
  it("answers in whole", async () => {
    const { call } = await openWeather();
    expect(
      await call("air_quality", { place: "Berlin", days: 1, variables: ["us_aqi", "pm2_5"] }),
    ).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"place":"Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)","times":["2025-01-15T00:00+01:00","2025-01-15T01:00+01:00","2025-01-15T02:00+01:00","2025-01-15T03:00+01:00","2025-01-15T04:00+01:00","2025-01-15T05:00+01:00","2025-01-15T06:00+01:00","2025-01-15T07:00+01:00","2025-01-15T08:00+01:00","2025-01-15T09:00+01:00","2025-01-15T10:00+01:00","2025-01-15T11:00+01:00","2025-01-15T12:00+01:00","2025-01-15T13:00+01:00","2025-01-15T14:00+01:00","2025-01-15T15:00+01:00","2025-01-15T16:00+01:00","2025-01-15T17:00+01:00","2025-01-15T18:00+01:00","2025-01-15T19:00+01:00","2025-01-15T20:00+01:00","2025-01-15T21:00+01:00","2025-01-15T22:00+01:00","2025-01-15T23:00+01:00"],"series":[{"variable":"us_aqi","unit":"USAQI","values":[23.2,25.4,27.9,30.3,32.6,34.5,35.9,36.8,37,36.5,35.4,33.6,31.4,28.8,26,23.2,20.5,18.2,16.3,15,14.4,14.4,15.1,16.4]},{"variable":"pm2_5","unit":"μg/m³","values":[18.4,18.6,19.5,21,23,25.2,27.7,30,32.2,34.1,35.4,36.1,36.2,35.6,34.3,32.4,30.1,27.4,24.6,21.8,19.2,16.9,15.1,13.9]}],"notes":["us_aqi is worst at 2025-01-15T08:00+01:00: 37, good."],"source":"Air quality model (CAMS). Weather data by Open-Meteo.com (CC BY 4.0)."}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "notes": [
            "us_aqi is worst at 2025-01-15T08:00+01:00: 37, good.",
          ],
          "place": "Berlin, Land Berlin, Germany (52.52437,13.41053; Europe/Berlin)",
          "series": [
            {
              "unit": "USAQI",
              "values": [
                23.2,
                25.4,
                27.9,
                30.3,
                32.6,
                34.5,
                35.9,
                36.8,
                37,
                36.5,
                35.4,
                33.6,
                31.4,
                28.8,
                26,
                23.2,
                20.5,
                18.2,
                16.3,
                15,
                14.4,
                14.4,
                15.1,
                16.4,
              ],
              "variable": "us_aqi",
            },
            {
              "unit": "μg/m³",
              "values": [
                18.4,
                18.6,
                19.5,
                21,
                23,
                25.2,
                27.7,
                30,
                32.2,
                34.1,
                35.4,
                36.1,
                36.2,
                35.6,
                34.3,
                32.4,
                30.1,
                27.4,
                24.6,
                21.8,
                19.2,
                16.9,
                15.1,
                13.9,
              ],
              "variable": "pm2_5",
            },
          ],
          "source": "Air quality model (CAMS). Weather data by Open-Meteo.com (CC BY 4.0).",
          "times": [
            "2025-01-15T00:00+01:00",
            "2025-01-15T01:00+01:00",
            "2025-01-15T02:00+01:00",
            "2025-01-15T03:00+01:00",
            "2025-01-15T04:00+01:00",
            "2025-01-15T05:00+01:00",
            "2025-01-15T06:00+01:00",
            "2025-01-15T07:00+01:00",
            "2025-01-15T08:00+01:00",
            "2025-01-15T09:00+01:00",
            "2025-01-15T10:00+01:00",
            "2025-01-15T11:00+01:00",
            "2025-01-15T12:00+01:00",
            "2025-01-15T13:00+01:00",
            "2025-01-15T14:00+01:00",
            "2025-01-15T15:00+01:00",
            "2025-01-15T16:00+01:00",
            "2025-01-15T17:00+01:00",
            "2025-01-15T18:00+01:00",
            "2025-01-15T19:00+01:00",
            "2025-01-15T20:00+01:00",
            "2025-01-15T21:00+01:00",
            "2025-01-15T22:00+01:00",
            "2025-01-15T23:00+01:00",
          ],
        },
      }
    `);
  });

  it("calls a missing index missing, not good", async () => {
    const { ask, host } = await openWeather();
    host.world.missing = new Set(["european_aqi"]);
    const { notes } = await ask("air_quality", {
      place: "Berlin",
      variables: ["european_aqi", "pm10"],
    });
    expect(notes).toEqual(["european_aqi: no data for this place and time."]);
  });

  it("says where the model ends instead of showing 0", async () => {
    const { ask, host } = await openWeather();
    host.world.horizonDays = 1;
    const { notes } = await ask("air_quality", { place: "Berlin", variables: ["pm10"] });
    expect(notes).toEqual([
      "pm10: no data after 2025-01-16T12:00+01:00, the model reaches no further.",
    ]);
  });

  it("gives the recorded hours of Beijing with their own unit", async () => {
    const { ask, host } = await openWeather();
    host.record("/v1/air-quality", recorded);
    const answer = await ask("air_quality", { place: "40,116.4", variables: ["carbon_monoxide"] });
    expect(answer.times).toContain("2023-01-01T00:00+08:00");
    expect(answer.series).toMatchObject([
      { unit: "μg/m³", values: recorded.hourly.carbon_monoxide },
    ]);
  });

  it("adds pollen when asked", async () => {
    const { ask } = await openWeather();
    const { series } = (await ask("air_quality", { place: "Berlin", pollen: true })) as {
      series: { variable: string }[];
    };
    expect(series.map(({ variable }) => variable)).toContain("birch_pollen");
  });

  it(`reaches ${MAX_AIR_DAYS} days`, async () => {
    const { ask, error } = await openWeather();
    await ask("air_quality", { place: "Berlin", days: MAX_AIR_DAYS });
    const { code } = await error("air_quality", { place: "Berlin", days: MAX_AIR_DAYS + 1 });
    expect(code).toBe("VALIDATION_ERROR");
  });
});
