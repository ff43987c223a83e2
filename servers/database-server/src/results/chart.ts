import { image } from "#shared/core/content.ts";
import type { ContentBlock } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import type { Cell } from "../engine/cells.ts";
import type { Table } from "../engine/types.ts";

export type ChartKind = "bar" | "line" | "scatter";

/** Points that one plot shows. */
export const MAX_POINTS = 500;
const WIDTH = 640;
const HEIGHT = 400;

/** Plots the second and third column over the first. */
export async function drawChart(table: Table, kind: ChartKind): Promise<ContentBlock> {
  check(table);
  const { init, use } = await import("echarts/core");
  const { BarChart, LineChart, ScatterChart } = await import("echarts/charts");
  const { GridComponent, LegendComponent } = await import("echarts/components");
  const { SVGRenderer } = await import("echarts/renderers");
  use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, SVGRenderer]);
  const svg = withoutStdout(() => {
    const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
    chart.setOption(optionsOf(table, kind));
    const drawn = chart.renderToSVGString();
    chart.dispose();
    return drawn;
  });
  return image(Buffer.from(svg), "image/svg+xml");
}

/** The library gives its advice by console.log, and stdout carries the protocol. */
function withoutStdout<T>(draw: () => T): T {
  const { log } = console;
  console.log = () => {};
  try {
    return draw();
  } finally {
    console.log = log;
  }
}

function check({ columns, rows }: Table): void {
  if (columns.length < 2 || columns.length > 3)
    throw wrong(`A chart takes 2 or 3 columns, and the result has ${columns.length}.`);
  if (rows.length === 0) throw wrong("A chart needs rows, and the result has none.");
  if (rows.length > MAX_POINTS) throw wrong(`A chart takes at most ${MAX_POINTS} rows.`);
  for (const [index, { name }] of columns.entries())
    if (index > 0 && rows.some((row) => Number.isNaN(toNumber(row[index]))))
      throw wrong(`The column ${JSON.stringify(name)} holds values that are no numbers.`);
}

const wrong = (message: string) =>
  new ToolError("VALIDATION_ERROR", message, { details: { reason: "chart" } });

const toNumber = (cell: Cell | undefined): number | null => {
  if (cell === null || cell === undefined) return null;
  return typeof cell === "object" || cell === "" ? Number.NaN : Number(cell);
};

function optionsOf({ columns, rows }: Table, type: ChartKind) {
  const series = columns.slice(1).map(({ name }, index) => ({
    type,
    name,
    data:
      type === "scatter"
        ? rows.map((row) => [toNumber(row[0]), toNumber(row[index + 1])])
        : rows.map((row) => toNumber(row[index + 1])),
  }));
  const numbers = { type: "value" as const, name: columns[0]?.name ?? "" };
  const names = { type: "category" as const, data: rows.map(([first]) => label(first)) };
  return {
    animation: false,
    legend: {},
    grid: {},
    xAxis: type === "scatter" ? numbers : names,
    yAxis: { type: "value" as const },
    series,
  };
}

const label = (cell: Cell | undefined): string =>
  cell === null || cell === undefined ? "null" : typeof cell === "object" ? "…" : String(cell);
