import * as z from "zod";
import { image, RichResult } from "#shared/core/content.ts";
import type { ContentBlock } from "#shared/core/contract.ts";
import type { SeriesOutput } from "../series/output.ts";

const CHART_FORMATS = ["png", "png-dark", "svg"] as const;
type ChartFormat = (typeof CHART_FORMATS)[number];

export const chartInput = z.boolean().default(false).describe("Also a picture");
export const chartFormatInput = z
  .enum(CHART_FORMATS)
  .default("png")
  .describe("svg: light and dark");

interface Table {
  place: string;
  times: readonly string[];
  series: readonly SeriesOutput[];
  source: string;
  notes: string[];
}

const NOTHING_TO_DRAW =
  "There is no picture: it takes temperature, precipitation or wind among the variables.";

/** The table with its picture; where nothing of it can be drawn, a note says so. */
export async function withPicture<T extends Table>(
  table: T,
  format: ChartFormat,
): Promise<RichResult<T>> {
  const picture = await pictureOf(table, format);
  if (picture) return new RichResult(table, [picture]);
  return new RichResult({ ...table, notes: [...table.notes, NOTHING_TO_DRAW] }, []);
}

/** Drawing and its library are loaded when a picture is asked for. */
async function pictureOf(table: Table, format: ChartFormat): Promise<ContentBlock | undefined> {
  const [{ chartData }, { drawChart }] = await Promise.all([
    import("./data.ts"),
    import("./draw.ts"),
  ]);
  const data = chartData(table);
  if (!data) return undefined;
  if (format === "svg") return image(Buffer.from(drawChart(data, "auto")), "image/svg+xml");
  const { toPng, writable } = await import("./png.ts");
  const named = { ...data, title: writable(data.title) };
  const svg = drawChart(named, format === "png" ? "light" : "dark");
  return image(await toPng(svg), "image/png");
}
