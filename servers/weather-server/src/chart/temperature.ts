import type { Numbers, Plotted } from "./data.ts";
import { area, type Box, both, line, panel, present, shown, widthOf } from "./panel.ts";
import { type Scale, scaleFor } from "./scale.ts";
import { element, label } from "./svg.ts";
import { TEMPERATURE_COLORS } from "./theme.ts";
import { dayStarts, type TimeAxis } from "./time-axis.ts";

/** Rows narrower than this are drawn as one band. */
const MIN_BAR_STEP = 6;
const MAX_BAR_WIDTH = 14;
const LABEL_SIZE = 11;
const SMALL_LABEL_SIZE = 10;
const halo = (size: number) => ({
  class: "halo",
  "font-size": `${size}`,
  "text-anchor": "middle",
});
/** With less room for each the labels are small. */
const MIN_LABEL_STEP = 22;
const LABEL_GAP = 3;
/** From the middle of a label to the edge that it must not cross. */
const LABEL_ROOM = 13;
/** A day of a line names its highest and lowest value when it is this wide. */
const MIN_DAY_WIDTH = 70;

const inUnit = (celsius: number, unit: string) => (unit === "°F" ? celsius * 1.8 + 32 : celsius);

/** Colours by temperature, the same in every chart: not by what is warm in this one. */
function gradient(scale: Scale, unit: string): string {
  const at = (celsius: number) => scale.at(inUnit(celsius, unit));
  const [[, hottest], coldest] = [TEMPERATURE_COLORS[0], TEMPERATURE_COLORS.at(-1)?.[1] ?? 0];
  const stops = TEMPERATURE_COLORS.map(([name, celsius]) => {
    const offset = ((hottest - celsius) / (hottest - coldest)).toFixed(3);
    return element("stop", { class: name, offset });
  });
  const ends = { x1: "0", x2: "0", y1: at(hottest).toFixed(1), y2: at(coldest).toFixed(1) };
  const form = { id: "warmth", gradientUnits: "userSpaceOnUse", ...ends };
  return element("linearGradient", form, stops.join(""));
}

function zeroLine(scale: Scale, unit: string, { left, right }: Box): string {
  const freezing = inUnit(0, unit);
  if (scale.from >= freezing || scale.to <= freezing) return "";
  return element("path", {
    class: "zero",
    d: `M${left} ${scale.at(freezing).toFixed(1)}H${right}`,
  });
}

function bars(
  high: Numbers,
  low: Numbers,
  scale: Scale,
  axis: TimeAxis,
  name: string,
  share: number,
) {
  const width = Math.min(MAX_BAR_WIDTH, axis.step * 0.5) * share;
  return both(high, low)
    .map((row, index) => {
      if (!row) return "";
      const [top, bottom] = [scale.at(row.most), scale.at(row.least)];
      const height = Math.max(width, bottom - top);
      const y = (top + bottom - height) / 2;
      return element("rect", {
        class: name,
        x: axis.at(index) - width / 2,
        y,
        width,
        height,
        rx: width / 2,
      });
    })
    .join("");
}

/** The numbers at both ends of each bar, where all of them have room. */
function barLabels(high: Numbers, low: Numbers, scale: Scale, axis: TimeAxis): string {
  const texts = [high, low].map((list) => list.map((one) => (one === null ? "" : shown(one, 0))));
  const size = axis.step < MIN_LABEL_STEP ? SMALL_LABEL_SIZE : LABEL_SIZE;
  const widest = Math.max(...texts.flat().map((text) => widthOf(text, size)));
  if (widest > axis.step - LABEL_GAP) return "";
  const put = (list: Numbers, names: readonly string[] | undefined, dy: number) =>
    list.map((value, row) =>
      value === null
        ? ""
        : label(names?.[row] ?? "", {
            x: axis.at(row),
            y: scale.at(value) + dy,
            ...halo(size),
          }),
    );
  return [...put(high, texts[0], -5), ...put(low, texts[1], 13)].join("");
}

/** The highest and lowest value of each day of a line. */
function extremes(values: Numbers, times: readonly string[], scale: Scale, axis: TimeAxis): string {
  const starts = dayStarts(times);
  return starts
    .flatMap((start, index) => {
      const end = starts[index + 1] ?? times.length;
      if ((end - start) * axis.step < MIN_DAY_WIDTH) return [];
      const day = values.slice(start, end);
      const found = present(day);
      return ([Math.max, Math.min] as const).flatMap((pick, low) => {
        const row = start + day.indexOf(pick(...found));
        // at the very edge it is the end of a slope, not a highest or lowest value
        if (found.length < 2 || row === 0 || row === times.length - 1) return [];
        const y = scale.at(pick(...found)) + (low ? 15 : -7);
        const x = Math.max(axis.left + LABEL_ROOM, Math.min(axis.right - LABEL_ROOM, axis.at(row)));
        return [label(`${shown(pick(...found), 0)}°`, { x, y, ...halo(LABEL_SIZE) })];
      });
    })
    .join("");
}

export function drawTemperature(
  plot: Plotted,
  times: readonly string[],
  axis: TimeAxis,
  box: Box,
): string {
  const { main, low, unit, spread } = plot;
  const values = present(main, low, spread?.low, spread?.high);
  // room for the numbers at both ends
  const range = { start: box.bottom - 14, end: box.top + 14, ticks: 5, least: 5 };
  const scale = scaleFor(values, range);
  const colors = gradient(scale, unit) + zeroLine(scale, unit, box);
  if (low && axis.step >= MIN_BAR_STEP) {
    const behind = spread ? bars(spread.high, spread.low, scale, axis, "spread", 1.7) : "";
    const ranges = bars(main, low, scale, axis, "warmth-fill", 1);
    const labels = barLabels(main, low, scale, axis);
    return panel(plot, scale, axis, box, colors + behind + ranges + labels);
  }
  const behind = spread ? area(spread.high, spread.low, scale, axis, "spread") : "";
  const drawn = low
    ? area(main, low, scale, axis, "warmth-fill")
    : line(main, scale, axis, "warmth") + extremes(main, times, scale, axis);
  return panel(plot, scale, axis, box, colors + behind + drawn);
}
