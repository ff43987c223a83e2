import type { ChartData } from "./data.ts";
import { drawGlyph, glyphOf } from "./icons.ts";
import { element, label, runs } from "./svg.ts";
import { hourRows, isDaily, isLong, spansOf, type TimeAxis } from "./time-axis.ts";

const ICON_WIDTH = 24;
const MAX_DAY_ICON_WIDTH = 26;
const MIN_DAY_ICON_WIDTH = 14;
export const ICONS_HEIGHT = 28;
const HOUR_LABEL_WIDTH = 26;

/** The weather of each day, or of the middle of so many hours that it has room. */
export function drawIcons(
  { codes = [], daylight, times }: ChartData,
  axis: TimeAxis,
  top: number,
): string {
  const daily = isDaily(times);
  if (daily && axis.step < MIN_DAY_ICON_WIDTH) return "";
  const size = daily ? Math.min(MAX_DAY_ICON_WIDTH, axis.step) : ICON_WIDTH;
  const rows = daily
    ? [...times.keys()]
    : hourRows(times, axis, { room: ICON_WIDTH, most: 24, from: 0.5 });
  return rows
    .map((row) => {
      const code = codes[row] ?? null;
      const glyph = code === null ? undefined : glyphOf(code, daylight?.[row] === 0);
      return glyph ? drawGlyph(glyph, axis.at(row), top, size) : "";
    })
    .join("");
}

interface Heights {
  top: number;
  bottom: number;
}

/** Nights, and the limits of days or months, behind every panel. */
export function drawNights(
  { times, daylight = [] }: ChartData,
  axis: TimeAxis,
  panels: readonly Heights[],
): string {
  const nights = runs(daylight.map((light) => (light === 0 ? true : null))).map((run) => ({
    x: axis.at(run[0]?.row ?? 0) - axis.step / 2,
    width: run.length * axis.step,
  }));
  const limits = isDaily(times) && !isLong(times) ? [] : spansOf(times, axis).slice(1);
  return panels
    .flatMap(({ top: y, bottom }) => [
      ...nights.map((night) =>
        element("rect", { class: "night", ...night, y, height: bottom - y }),
      ),
      ...limits.map(({ from }) =>
        element("path", { class: "grid", d: `M${from.toFixed(1)} ${y}V${bottom}` }),
      ),
    ])
    .join("");
}

/** Hours of the day below the last panel, each where it begins. */
export function drawHours(times: readonly string[], axis: TimeAxis, y: number): string {
  return hourRows(times, axis, { room: HOUR_LABEL_WIDTH, most: 12 })
    .map((row) => {
      const place = { x: axis.at(row) - axis.step / 2, y, class: "faint" };
      const text = times[row]?.slice(11, 13) ?? "";
      return label(text, { ...place, "font-size": "10", "text-anchor": "middle" });
    })
    .join("");
}
