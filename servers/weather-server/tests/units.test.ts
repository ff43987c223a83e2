import { describe, expect, it } from "vitest";
import { convert, round } from "../src/units/convert.ts";
import { airQualityLevel, compass } from "../src/units/words.ts";

const one = (
  unit: string,
  value: number,
  system: "imperial" | "si" | "nautical",
  variable = "x",
) => {
  const shown = convert(variable, { unit, values: [value] }, system);
  return [shown.values[0], shown.unit];
};

describe("conversions", () => {
  // NIST SP 811 appendix B.8, and the fixed points of the scales
  it.each([
    ["°C", -40, [-40, "°F"]],
    ["°C", 0, [32, "°F"]],
    ["°C", 37, [98.6, "°F"]],
    ["°C", 100, [212, "°F"]],
    ["km/h", 100, [62.1, "mph"]],
    ["km/h", 1.609344, [1, "mph"]],
    ["mm", 25.4, [1, "inch"]],
    ["cm", 2.54, [1, "inch"]],
    ["m", 0.3048, [1, "ft"]],
    ["hPa", 1013.25, [29.92, "inHg"]],
    ["m³/s", 1, [35.3, "ft³/s"]],
  ] as const)("%s %d is in imperial units %j", (unit, value, expected) => {
    expect(one(unit, value, "imperial")).toEqual(expected);
  });

  it("are those of the Beaufort table: force 12 begins at 118 km/h, 64 knots, 32.7 m/s", () => {
    expect(one("km/h", 118.5, "nautical")).toEqual([64, "kn"]);
    expect(one("km/h", 117.72, "si")).toEqual([32.7, "m/s"]);
  });

  it("show a view in miles, and snow in the unit that the answer names", () => {
    expect(one("m", 16_093.44, "imperial", "visibility")).toEqual([10, "mi"]);
    expect(one("cm", 10, "imperial", "snowfall")).toEqual([3.94, "inch"]);
    expect(convert("snowfall", { unit: "cm", values: [10] }, "metric")).toEqual({
      unit: "cm",
      values: [10],
    });
  });

  it("leave missing values, texts and units that have no other alone", () => {
    const measured = { unit: "°C", values: [null, "07:00", 10] };
    expect(convert("t", measured, "imperial").values).toEqual([null, "07:00", 50]);
    expect(one("%", 50, "imperial")).toEqual([50, "%"]);
  });

  it("never give -0", () => expect(Object.is(round(-0.001, 1), 0)).toBe(true));
});

describe("words", () => {
  it.each([
    [0, "N"],
    [22.4, "N"],
    [22.5, "NE"],
    [180, "S"],
    [337.5, "N"],
    [360, "N"],
    [-90, "W"],
  ])("%d degrees are %s", (degrees, point) => expect(compass(degrees)).toBe(point));

  it.each([
    ["european_aqi", 20, "good"],
    ["european_aqi", 20.1, "fair"],
    ["european_aqi", 101, "extremely poor"],
    ["us_aqi", 50, "good"],
    ["us_aqi", 301, "hazardous"],
    ["us_aqi", null, undefined],
    ["pm10", 5, undefined],
  ])("%s of %s is %s", (variable, value, level) => {
    expect(airQualityLevel(variable, value)).toBe(level);
  });
});
