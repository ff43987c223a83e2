import { describe, expect, it } from "vitest";
import { chartData } from "../src/chart/data.ts";
import { CHART_WIDTH, drawChart } from "../src/chart/draw.ts";
import { glyphOf } from "../src/chart/icons.ts";
import { writable } from "../src/chart/png.ts";
import { scaleFor } from "../src/chart/scale.ts";
import { escapeXml, runs } from "../src/chart/svg.ts";
import { PALETTES } from "../src/chart/theme.ts";
import type { Spread } from "../src/series/confidence.ts";
import { WEATHER_CODES } from "../src/variables/catalog.ts";
import { openWeather, type Weather } from "./support/weather.ts";

type Values = (number | null)[];
const days = (count: number) =>
  Array.from({ length: count }, (_, index) => `2025-01-${String(index + 10)}`);

function draw(high: Values, low: Values, rain: Values = high.map(() => 0)) {
  const series = [
    { variable: "temperature_2m_max", unit: "°C", values: high },
    { variable: "temperature_2m_min", unit: "°C", values: low },
    { variable: "precipitation_sum", unit: "mm", values: rain },
  ];
  const data = chartData({
    place: "X <b> (1,1; GMT)",
    times: days(high.length),
    series,
    source: "S",
  });
  if (!data) throw new Error("nothing to draw");
  return drawChart(data, "light");
}

/** A chart of these columns: [variable, unit, values]. */
function drawSeries(columns: [string, string, Values][], confidence: Spread[] = []) {
  const series = columns.map(([variable, unit, values]) => ({ variable, unit, values }));
  const times = days(columns[0]?.[2].length ?? 0);
  const data = chartData({ place: "P (1,1; GMT)", times, series, confidence, source: "S" });
  if (!data) throw new Error("nothing to draw");
  return drawChart(data, "light");
}

const count = (svg: string, part: string) => svg.split(part).length - 1;

async function picture({ call }: Weather, tool: string, input: object) {
  const { content } = await call(tool, { ...input, chart: true });
  const block = content[1];
  if (block?.type !== "image") throw new Error("no picture");
  return { type: block.mimeType, bytes: Buffer.from(block.data, "base64") };
}

describe("a chart", () => {
  it("has a bar for each day that has both ends, and says where there is no data", () => {
    const svg = draw([5, 6, null, null, null, 8, 9], [1, 1, null, null, null, 2, 2]);
    expect(count(svg, 'class="warmth-fill"')).toBe(4);
    expect(count(svg, ">no data<")).toBe(1);
  });

  it("draws nothing for what is missing altogether, and no bar for no rain", () => {
    const svg = draw([null, null, null], [null, null, null], [0, null, 2]);
    expect(count(svg, 'class="warmth-fill"')).toBe(0);
    expect(count(svg, 'class="rain"')).toBe(1);
    expect(svg).not.toContain("NaN");
  });

  it("writes the numbers of each day, but no 0 over a trace of rain", () => {
    const svg = draw([5.4, 16.6], [-4.4, 2], [0.04, 1.26]);
    for (const number of ["5", "17", "\u22124", "2", "1.3"])
      expect(svg).toContain(`>${number}</text>`);
    expect(count(svg, 'class="rain"')).toBe(2);
  });

  it("breaks a line where a value is missing, and shows a lone value as a dot", () => {
    const svg = drawSeries([["temperature_2m", "°C", [1, 2, null, 4, null, 6, 7]]]);
    expect(count(svg, 'class="warmth"')).toBe(2);
    expect(count(svg, 'class="warmth-dot"')).toBe(1);
  });

  it("shows the spread of models behind the values, and names it", () => {
    const spread = { sources: 5, range: "range of 5 models", middle: [] };
    const svg = drawSeries(
      [["temperature_2m", "°C", [1, 2]]],
      [{ ...spread, variable: "temperature_2m", unit: "°C", low: [0, 1], high: [3, 4] }],
    );
    expect(count(svg, 'class="spread"')).toBe(1);
    expect(svg).toContain("pale: range of 5 models");
  });

  it("shades what is normal behind what was", () => {
    const svg = drawSeries([
      ["temperature_2m_max", "°C", [5, 6]],
      ["temperature_2m_min", "°C", [1, 2]],
      ["temperature_2m_max_normal", "°C", [4, 4]],
      ["temperature_2m_min_normal", "°C", [0, 0]],
    ]);
    expect(count(svg, 'class="spread"')).toBe(2);
    expect(svg).toContain("pale: normal of 1991-2020");
  });

  it("says whose data these are in whole, in as many lines as it takes", () => {
    const source = `${"word ".repeat(40)}end`;
    const series = [{ variable: "temperature_2m", unit: "°C", values: [1, 2] }];
    const data = chartData({ place: "P (1,1; GMT)", times: days(2), series, source });
    const svg = data ? drawChart(data, "light") : "";
    const lines = [...svg.matchAll(/font-size="9">([^<]*)</g)].map(([, text]) => text);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(" ")).toBe(source);
  });

  it.each([
    [1, "00 02 04 06 08 10 12 14 16 18 20 22"],
    [3, "00 06 12 18 00 06 12 18 00 06 12 18"],
    [16, ""],
  ])("of the hours of %i days names those that have room", (count, expected) => {
    const times = Array.from({ length: count * 24 }, (_, hour) =>
      new Date(Date.UTC(2025, 0, 1, hour)).toISOString().slice(0, 16),
    );
    const series = [{ variable: "temperature_2m", unit: "°C", values: times.map(() => 1) }];
    const data = chartData({ place: "P (1,1; GMT)", times, series, source: "S" });
    const svg = data ? drawChart(data, "light") : "";
    const hours = /class="faint" font-size="10" text-anchor="middle">(\d\d)</g;
    expect([...svg.matchAll(hours)].map(([, text]) => text).join(" ")).toBe(expected);
  });

  it("points arrows where the wind blows to", () => {
    const svg = drawSeries([
      ["wind_speed_10m_max", "km/h", [10, 20]],
      ["wind_direction_10m_dominant", "°", [0, 90]],
    ]);
    // the arrow itself points down, to the south: a wind from the north is not turned
    expect(svg).toMatch(/class="arrow" transform="translate\([^)]*\) rotate\(0\)"/);
    expect(svg).toMatch(/rotate\(90\)/);
  });

  it("names what it shows: snow is not called rain", () => {
    expect(drawSeries([["snowfall_sum", "cm", [1, 2]]])).toContain("Snowfall, cm");
    expect(drawSeries([["apparent_temperature", "°C", [1, 2]]])).toContain("Feels like, °C");
  });

  it.each([
    [0, false, "sun"],
    [0, true, "moon"],
    [2, false, "sun-cloud"],
    [3, true, "cloud"],
    [48, false, "fog"],
    [57, false, "drizzle"],
    [67, false, "rain"],
    [77, false, "snow"],
    [82, false, "rain"],
    [86, false, "snow"],
    [99, false, "thunder"],
    [50, false, undefined],
  ])("has a picture for code %i", (code, night, glyph) => {
    expect(glyphOf(code, night)).toBe(glyph);
  });

  it("has a picture for every code there is", () => {
    for (const code of Object.keys(WEATHER_CODES))
      expect(glyphOf(Number(code), false)).toBeDefined();
  });

  it.each([1, 2, 16, 62, 63, 366])("of %i days is whole, with room for every label", (length) => {
    const times = Array.from({ length }, (_, day) =>
      new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10),
    );
    const series = [
      { variable: "temperature_2m", unit: "°C", values: times.map((_, day) => day % 9) },
    ];
    const data = chartData({ place: "P (1,1; GMT)", times, series, source: "S" });
    const svg = data ? drawChart(data, "dark") : "";
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(count(svg, 'text-anchor="middle"')).toBeLessThanOrEqual(2 * 24);
    expect(count(svg, 'text-anchor="middle"')).toBeGreaterThan(0);
  });

  it("shows freezing as a line of its own, in either scale", () => {
    expect(draw([5, 6], [-5, -6])).toContain('class="zero"');
    expect(draw([15, 16], [5, 6])).not.toContain('class="zero"');
  });

  it("keeps the names of others out of its markup", () => {
    expect(draw([1], [0])).toContain("X &lt;b&gt;");
    expect(escapeXml(`<&>"'\u0000`)).toBe("&lt;&amp;&gt;&quot;&apos; ");
  });

  it("writes a place of a script that its font does not have by its coordinates", () => {
    expect(writable("北京市, 中国 (39.9,116.4; Asia/Shanghai)")).toBe("39.9,116.4; Asia/Shanghai");
    expect(writable("Łódź, Polska (51.8,19.5; Europe/Warsaw)")).toContain("Łódź");
  });

  it.each(["light", "dark"] as const)(
    "has enough contrast in %s: 4.5 for words, 3 for lines",
    (theme) => {
      const { ground, gap, night, ink, faint, ...colors } = PALETTES[theme];
      for (const words of [ink, faint])
        for (const behind of [ground, gap, night])
          expect(contrast(words, behind)).toBeGreaterThanOrEqual(4.5);
      const { grid: _, spread, ...lines } = colors;
      expect(contrast(ink, spread)).toBeGreaterThanOrEqual(4.5);
      for (const [name, color] of Object.entries(lines))
        for (const behind of name === "sun" || name === "cloud" ? [ground] : [ground, night])
          expect(contrast(color, behind), name).toBeGreaterThanOrEqual(name === "sun" ? 2.9 : 3);
    },
  );
});

/** WCAG 2.2, relative luminance. */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe("scales and runs", () => {
  it.each([
    [[0, 10], 0, 10],
    [[-3, 17], -5, 20],
    [[5, 5], 4, 10],
    [[], 0, 6],
  ])("%j lie from %d to %d", (values, from, to) => {
    const scale = scaleFor(values, { start: 100, end: 0, ticks: 4, least: 5 });
    expect([scale.from, scale.to]).toEqual([from, to]);
    expect(scale.at(scale.from)).toBe(100);
    expect(scale.at(scale.to)).toBe(0);
  });

  it("are parted by what is missing", () => {
    expect(runs([1, null, 2, 3, null]).map((run) => run.map(({ row }) => row))).toEqual([
      [0],
      [2, 3],
    ]);
  });
});

describe("a picture", () => {
  it.each(["png", "png-dark"])("comes as %s beside the values", async (format) => {
    const weather = await openWeather();
    const { type, bytes } = await picture(weather, "forecast", {
      place: "Berlin",
      chart_format: format,
    });
    expect(type).toBe("image/png");
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(bytes.readUInt32BE(16)).toBe(CHART_WIDTH * 2);
  });

  it("comes as SVG that follows the reader's setting", async () => {
    const weather = await openWeather();
    const { type, bytes } = await picture(weather, "history", {
      place: "Berlin",
      start: "2024-12-01",
      end: "2024-12-05",
      chart_format: "svg",
    });
    expect(type).toBe("image/svg+xml");
    expect(bytes.toString()).toContain("prefers-color-scheme:dark");
  });

  it("is replaced by a note where nothing can be drawn", async () => {
    const { call } = await openWeather();
    const input = { place: "Berlin", variables: ["sunrise"], chart: true };
    const { content, structuredContent } = await call("forecast", input);
    expect(content).toHaveLength(1);
    expect(structuredContent?.notes).toEqual([expect.stringContaining("There is no picture")]);
  });
});
