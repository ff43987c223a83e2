import * as z from "zod";
import { image, RichResult } from "#shared/core/content.ts";
import type { ContentBlock, JsonObject } from "#shared/core/contract.ts";
import type { ChartTable } from "./data.ts";

const CHART_FORMATS = ["png", "png-dark", "svg"] as const;
type ChartFormat = (typeof CHART_FORMATS)[number];

export const chartInput = z.boolean().default(false).describe("Also a picture");
export const chartFormatInput = z
  .enum(CHART_FORMATS)
  .default("png")
  .describe("svg: light and dark");

interface Table extends ChartTable {
  notes: string[];
}

const NOTHING_TO_DRAW =
  "There is no picture: it takes temperature, precipitation or wind among the variables.";

/** The table, with its picture if one is wanted; where nothing of it can be drawn, a note says so. */
export async function withPicture<T extends Table>(
  table: T,
  format: ChartFormat | undefined,
  meta?: JsonObject,
): Promise<RichResult<T>> {
  if (format === undefined) return new RichResult(table, [], meta);
  const picture = await pictureOf(table, format);
  if (picture) return new RichResult(table, [picture], meta);
  return new RichResult({ ...table, notes: [...table.notes, NOTHING_TO_DRAW] }, [], meta);
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
