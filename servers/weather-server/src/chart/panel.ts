import type { Numbers, Plotted } from "./data.ts";
import type { Scale } from "./scale.ts";
import { band, element, label, polyline, runs } from "./svg.ts";
import type { TimeAxis } from "./time-axis.ts";

/** Where the values of a panel are drawn; its title stands above. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Room that a title takes above its box. */
export const TITLE_HEIGHT = 22;

export const present = (...lists: (Numbers | undefined)[]): number[] =>
  lists.flatMap((list) => list ?? []).filter((value) => value !== null);

/** With a real minus sign, and no more decimals than asked for. */
export const shown = (value: number, decimals = 6): string =>
  String(Number(value.toFixed(decimals))).replace("-", "\u2212");

/** About how wide a text is, in units of the drawing: digits of DejaVu Sans are 0.64 of its size. */
export const widthOf = (text: string, size: number): number => text.length * size * 0.64;

/** Widths of a letter of a title and of the words at its right, which must not meet. */
const TITLE_LETTER = 7;
const LEGEND_LETTER = 5.6;

function frame({ name, unit, spread }: Plotted, scale: Scale, { left, right, top }: Box): string {
  const lines = scale.ticks.map((tick) => {
    const y = scale.at(tick);
    const form = { class: "faint", "font-size": "10", "text-anchor": "end" };
    return (
      element("path", { class: "grid", d: `M${left} ${y.toFixed(1)}H${right.toFixed(1)}` }) +
      label(shown(tick), { x: left - 6, y: y + 3.5, ...form })
    );
  });
  const title = `${name}, ${unit}`;
  const words = spread && `pale: ${spread.words}`;
  const room = right - left - title.length * TITLE_LETTER;
  const fits = words && words.length * LEGEND_LETTER < room;
  const form = { class: "faint", "font-size": "10", "text-anchor": "end" };
  const heading = label(title, { x: left, y: top - 9, "font-size": "12" });
  return lines.join("") + heading + (fits ? label(words, { x: right, y: top - 9, ...form }) : "");
}

/** "no data" needs this much room. */
const GAP_LABEL_WIDTH = 46;

/** Where every list is silent: shaded and named, so that it is not taken for nothing at all. */
function gaps(lists: readonly Numbers[], axis: TimeAxis, { top, bottom }: Box) {
  const rows = lists[0]?.length ?? 0;
  const silent = Array.from({ length: rows }, (_, row) =>
    lists.every((list) => (list[row] ?? null) === null) ? true : null,
  );
  const height = bottom - top;
  const areas = runs(silent).map((run) => ({
    x: axis.at(run[0]?.row ?? 0) - axis.step / 2,
    width: run.length * axis.step,
  }));
  return {
    shades: areas.map((area) => element("rect", { class: "gap", ...area, y: top, height })),
    labels: areas
      .filter(({ width }) => width >= GAP_LABEL_WIDTH)
      .map(({ x, width }) => {
        const middle = { x: x + width / 2, y: (top + bottom) / 2 + 4 };
        const form = { class: "faint", "font-size": "11", "text-anchor": "middle" };
        return label("no data", { ...middle, ...form });
      }),
  };
}

/** A panel: shaded gaps, then the grid, then what is drawn, then the words. */
export function panel(plot: Plotted, scale: Scale, axis: TimeAxis, box: Box, drawn: string) {
  const { shades, labels } = gaps([plot.main, plot.low ?? plot.main], axis, box);
  return [...shades, frame(plot, scale, box), drawn, ...labels].join("");
}

/** A line, with a dot where a value stands alone between missing ones. */
export function line(values: Numbers, scale: Scale, axis: TimeAxis, name: string): string {
  return runs(values)
    .map((run) => {
      const points = run.map(({ row, value }) => [axis.at(row), scale.at(value)] as const);
      const [first] = points;
      return first && points.length === 1
        ? element("circle", { class: `${name}-dot`, cx: first[0], cy: first[1], r: 2.5 })
        : element("path", { class: name, d: polyline(points) });
    })
    .join("");
}

/** Rows that have both ends. */
export const both = (high: Numbers, low: Numbers) =>
  high.map((most, row) => {
    const least = low[row] ?? null;
    return most === null || least === null ? null : { most, least };
  });

/** The area between two lists, as wide as a row where a row stands alone. */
export function area(high: Numbers, low: Numbers, scale: Scale, axis: TimeAxis, name: string) {
  return runs(both(high, low))
    .map((run) => {
      const wings = run.length === 1 ? [-axis.step / 3, axis.step / 3] : [0];
      const edge = (key: "most" | "least") =>
        run.flatMap(({ row, value }) =>
          wings.map((dx) => [axis.at(row) + dx, scale.at(value[key])] as const),
        );
      return element("path", { class: name, d: band(edge("most"), edge("least")) });
    })
    .join("");
}
