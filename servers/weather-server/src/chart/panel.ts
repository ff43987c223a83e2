import type { Numbers, Plotted } from "./data.ts";
import { type Scale, scaleFor } from "./scale.ts";
import { band, element, label, polyline, runs } from "./svg.ts";
import type { TimeAxis } from "./time-axis.ts";

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const TITLE_HEIGHT = 20;

const present = (...lists: (Numbers | undefined)[]): number[] =>
  lists.flatMap((list) => list ?? []).filter((value) => value !== null);

const at = (value: number): string => String(value).replace("-", "\u2212");

function frame(title: string, scale: Scale, { left, right, top }: Box): string {
  const lines = scale.ticks.map((tick) => {
    const y = scale.at(tick);
    return (
      element("path", { class: "grid", d: `M${left} ${y.toFixed(1)}H${right}` }) +
      label(at(tick), {
        x: left - 6,
        y: y + 4,
        class: "faint",
        "font-size": "11",
        "text-anchor": "end",
      })
    );
  });
  return (
    label(title, { x: left, y: top + 12, "font-size": "12", "font-weight": "600" }) + lines.join("")
  );
}

/** "no data" needs this much room. */
const GAP_LABEL_WIDTH = 46;

/** Where every list is silent: shaded and named, so that it is not taken for nothing at all. */
function gaps(lists: readonly Numbers[], axis: TimeAxis, { top, bottom }: Box) {
  const rows = lists[0]?.length ?? 0;
  const silent = Array.from({ length: rows }, (_, row) =>
    lists.every((list) => (list[row] ?? null) === null) ? true : null,
  );
  const height = bottom - top - TITLE_HEIGHT;
  const areas = runs(silent).map((run) => ({
    x: axis.at(run[0]?.row ?? 0) - axis.step / 2,
    width: run.length * axis.step,
  }));
  return {
    shades: areas.map((area) =>
      element("rect", { class: "gap", ...area, y: top + TITLE_HEIGHT, height }),
    ),
    // above the grid, and between two of its lines
    labels: areas
      .filter(({ width }) => width >= GAP_LABEL_WIDTH)
      .map(({ x, width }) => {
        const middle = { x: x + width / 2, y: bottom - 8 };
        const form = { class: "faint", "font-size": "11", "text-anchor": "middle" };
        return label("no data", { ...middle, ...form });
      }),
  };
}

/** A panel: shaded gaps, then the grid, then what is drawn, then the words. */
function panel(
  title: string,
  scale: Scale,
  lists: readonly Numbers[],
  axis: TimeAxis,
  box: Box,
  drawn: string,
) {
  const { shades, labels } = gaps(lists, axis, box);
  return [...shades, frame(title, scale, box), drawn, ...labels].join("");
}

/** A line, with a dot where a value stands alone between missing ones. */
function line(values: Numbers, scale: Scale, axis: TimeAxis, name: string): string {
  return runs(values)
    .map((run) => {
      const points = run.map(({ row, value }) => [axis.at(row), scale.at(value)] as const);
      const [first] = points;
      return first && points.length === 1
        ? element("circle", { class: `${name}-dot`, cx: first[0], cy: first[1], r: "2.5" })
        : element("path", { class: name, d: polyline(points) });
    })
    .join("");
}

export function drawTemperature({ unit, main, low }: Plotted, axis: TimeAxis, box: Box): string {
  const scale = scaleFor(present(main, low), {
    start: box.bottom,
    end: box.top + TITLE_HEIGHT,
    ticks: 5,
    least: 5,
  });
  const freezing = unit === "°F" ? 32 : 0;
  const zero =
    scale.from < freezing && scale.to > freezing
      ? element("path", {
          class: "zero",
          d: `M${box.left} ${scale.at(freezing).toFixed(1)}H${box.right}`,
        })
      : "";
  const title = `Temperature, ${unit}${low ? ", lowest to highest" : ""}`;
  if (!low) return panel(title, scale, [main], axis, box, zero + line(main, scale, axis, "warm"));
  const both = main.map((high, row) => {
    const least = low[row] ?? null;
    return high === null || least === null ? null : { high, least };
  });
  const bands = runs(both).map((run) => {
    // a single day is as wide as its row, not a line without width
    const xs = run.length === 1 ? [-axis.step / 3, axis.step / 3] : [0];
    const edge = (key: "high" | "least") =>
      run.flatMap(({ row, value }) =>
        xs.map((dx) => [axis.at(row) + dx, scale.at(value[key])] as const),
      );
    return element("path", { class: "warm-band", d: band(edge("high"), edge("least")) });
  });
  return panel(title, scale, [main, low], axis, box, bands.join("") + zero);
}

export function drawPrecipitation({ unit, main }: Plotted, axis: TimeAxis, box: Box): string {
  const least = unit === "inch" ? 0.1 : 2;
  const range = { start: box.bottom, end: box.top + TITLE_HEIGHT, ticks: 3, least };
  const scale = scaleFor([0, ...present(main)], range);
  const bars = main.map((value, row) => {
    if (value === null || value <= 0) return "";
    const width = Math.max(0.8, Math.min(28, axis.step * 0.7));
    const y = scale.at(value);
    return element("rect", {
      class: "rain",
      x: axis.at(row) - width / 2,
      y,
      width,
      height: box.bottom - y,
    });
  });
  return panel(`Precipitation, ${unit}`, scale, [main], axis, box, bars.join(""));
}

export function drawWind({ unit, main }: Plotted, axis: TimeAxis, box: Box): string {
  const scale = scaleFor([0, ...present(main)], {
    start: box.bottom,
    end: box.top + TITLE_HEIGHT,
    ticks: 3,
    least: 10,
  });
  const drawn = line(main, scale, axis, "wind");
  return panel(`Wind, ${unit}`, scale, [main], axis, box, drawn);
}
