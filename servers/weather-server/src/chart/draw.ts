import type { ChartData } from "./data.ts";
import { drawDays, rangeOf } from "./days.ts";
import { type Box, TITLE_HEIGHT } from "./panel.ts";
import { drawPrecipitation } from "./precipitation.ts";
import { drawHours, drawIcons, drawNights, ICONS_HEIGHT } from "./sky.ts";
import { element, escapeXml, label } from "./svg.ts";
import { drawTemperature } from "./temperature.ts";
import { stylesheet, type Theme } from "./theme.ts";
import { type TimeAxis, timeAxis } from "./time-axis.ts";
import { drawWind } from "./wind.ts";

const LEFT = 38;
const RIGHT_MARGIN = 12;
const GAP = 10;
const HOURS_HEIGHT = 16;
const HEIGHTS = { temperature: 132, precipitation: 72, wind: 72 } as const;

/** Positions of the rows of a chart of this width. */
export const axisOf = ({ times }: ChartData, width: number): TimeAxis =>
  timeAxis(times.length, LEFT, width - RIGHT_MARGIN);

/** The panels of a table from `top` downwards, without anything around them. */
export function drawPanels(data: ChartData, width: number, top: number) {
  const { temperature, precipitation, wind, times } = data;
  const axis = axisOf(data, width);
  const boxes: Box[] = [];
  const days = drawDays(times, axis, top);
  const icons = drawIcons(data, axis, top + days.height);
  let y = top + days.height + (icons === "" ? 0 : ICONS_HEIGHT);
  const below = (height: number): Box => {
    y += TITLE_HEIGHT + height + GAP;
    const bottom = y - GAP;
    const box = { left: axis.left, right: axis.right, top: bottom - height, bottom };
    boxes.push(box);
    return box;
  };
  const panels = [
    temperature && drawTemperature(temperature, times, axis, below(HEIGHTS.temperature)),
    precipitation && drawPrecipitation(precipitation, axis, below(HEIGHTS.precipitation)),
    wind && drawWind(wind, data.directions, axis, below(HEIGHTS.wind)),
  ].filter((panel) => panel !== undefined);
  const hours = drawHours(times, axis, y - GAP + 13);
  const bottom = y - GAP + (hours === "" ? 0 : HOURS_HEIGHT);
  const drawn = [drawNights(data, axis, boxes), days.svg, icons, ...panels, hours];
  return { svg: drawn.join(""), bottom };
}

/** Narrow, so that its text can be read on a phone. */
export const CHART_WIDTH = 480;
const FIRST_TOP = 46;
const FOOT = 26;
const SOURCE_HEIGHT = 12;
/** Characters of a line at the size of its text. */
const MAX_TITLE = 78;
const MAX_NAME = 46;
const MAX_SOURCE = 92;

const shorten = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** "Paris, France (48.85,2.35; Europe/Paris)" as the name, and what stands in the brackets. */
export function parted(title: string): [string, string] {
  const at = title.lastIndexOf(" (");
  return at === -1
    ? [title, ""]
    : [title.slice(0, at), title.slice(at + 2, -1).replace("; ", " · ")];
}

/** Whose data these are must be read in whole: as many lines as it takes, cut between words. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length > 0 && longer.length <= MAX_SOURCE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The picture of a table: temperature, precipitation and wind, one above the other. */
export function drawChart(data: ChartData, theme: Theme): string {
  const { svg, bottom } = drawPanels(data, CHART_WIDTH, FIRST_TOP);
  const sources = wrapped(data.source);
  const height = bottom + FOOT + (sources.length - 1) * SOURCE_HEIGHT;
  const [name, where] = parted(data.title);
  const under = shorten([where, rangeOf(data.times)].filter(Boolean).join(" · "), MAX_TITLE);
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${CHART_WIDTH} ${height}`,
    role: "img",
    "aria-labelledby": "t",
  };
  return element(
    "svg",
    root,
    [
      element("title", { id: "t" }, escapeXml(`Weather at ${data.title}`)),
      element("style", {}, stylesheet(theme)),
      element("rect", { class: "ground", width: "100%", height: "100%" }),
      label(shorten(name, MAX_NAME), { x: 12, y: 22, "font-size": "16" }),
      label(under, { x: 12, y: 38, class: "faint", "font-size": "10.5" }),
      svg,
      ...sources.map((line, index) => {
        const y = bottom + FOOT - 8 + index * SOURCE_HEIGHT;
        return label(line, { x: 12, y, class: "faint", "font-size": "9" });
      }),
    ].join(""),
  );
}
