import { describe, expect, it } from "vitest";
import { chartData } from "../src/chart/data.ts";
import { CHART_WIDTH, drawChart } from "../src/chart/draw.ts";
import { writable } from "../src/chart/png.ts";
import { scaleFor } from "../src/chart/scale.ts";
import { escapeXml, runs } from "../src/chart/svg.ts";
import { PALETTES } from "../src/chart/theme.ts";
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

const count = (svg: string, part: string) => svg.split(part).length - 1;

async function picture({ call }: Weather, tool: string, input: object) {
  const { content } = await call(tool, { ...input, chart: true });
  const block = content[1];
  if (block?.type !== "image") throw new Error("no picture");
  return { type: block.mimeType, bytes: Buffer.from(block.data, "base64") };
}

describe("a chart", () => {
  it("breaks the band where a value is missing, and says that there is no data", () => {
    const svg = draw([5, 6, null, null, null, 8, 9], [1, 1, null, null, null, 2, 2]);
    expect(count(svg, 'class="warm-band"')).toBe(2);
    expect(count(svg, ">no data<")).toBe(1);
  });

  it("draws nothing for what is missing altogether, and no bar for no rain", () => {
    const svg = draw([null, null, null], [null, null, null], [0, null, 2]);
    expect(count(svg, 'class="warm-band"')).toBe(0);
    expect(count(svg, 'class="rain"')).toBe(1);
    expect(svg).not.toContain("NaN");
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
    expect(count(svg, 'text-anchor="middle"')).toBeLessThanOrEqual(24);
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
      const { ground, gap, ink, faint, warm, rain, wind } = PALETTES[theme];
      for (const words of [ink, faint])
        for (const behind of [ground, gap])
          expect(contrast(words, behind)).toBeGreaterThanOrEqual(4.5);
      for (const line of [warm, rain, wind])
        expect(contrast(line, ground)).toBeGreaterThanOrEqual(3);
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
