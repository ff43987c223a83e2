import type { ChartData } from "./data.ts";
import { type Box, drawPrecipitation, drawTemperature, drawWind, TITLE_HEIGHT } from "./panel.ts";
import { element, escapeXml, label } from "./svg.ts";
import { stylesheet, type Theme } from "./theme.ts";
import { drawDays, rangeOf, timeAxis } from "./time-axis.ts";

/** Narrow, so that its text can be read on a phone. */
export const CHART_WIDTH = 480;
const LEFT = 42;
const RIGHT = CHART_WIDTH - 14;
const FIRST_TOP = 46;
const GAP = 14;
const FOOT = 44;
/** Characters of a line at the size of its text. */
const MAX_TITLE = 78;
const MAX_NAME = 46;
const MAX_SOURCE = 92;

const shorten = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** "Paris, France (48.85,2.35; Europe/Paris)" as the name, and what stands in the brackets. */
function parted(title: string): [string, string] {
  const at = title.lastIndexOf(" (");
  return at === -1
    ? [title, ""]
    : [title.slice(0, at), title.slice(at + 2, -1).replace("; ", " · ")];
}

/** The picture of a table: temperature, precipitation and wind, one above the other. */
export function drawChart(data: ChartData, theme: Theme): string {
  const axis = timeAxis(data.times.length, LEFT, RIGHT);
  let top = FIRST_TOP;
  const boxes: Box[] = [];
  const box = (height: number): Box => {
    const made = { left: LEFT, right: RIGHT, top, bottom: top + height };
    top += height + GAP;
    boxes.push({ ...made, top: made.top + TITLE_HEIGHT });
    return made;
  };
  const panels = [
    data.temperature && drawTemperature(data.temperature, axis, box(150)),
    data.precipitation && drawPrecipitation(data.precipitation, axis, box(86)),
    data.wind && drawWind(data.wind, axis, box(86)),
  ].filter((panel) => panel !== undefined);
  const bottom = top - GAP;
  const height = bottom + FOOT;
  const [name, where] = parted(data.title);
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${CHART_WIDTH} ${height}`,
      role: "img",
      "aria-labelledby": "t",
    },
    [
      element("title", { id: "t" }, escapeXml(`Weather at ${data.title}`)),
      element("style", {}, stylesheet(theme)),
      element("rect", { class: "ground", width: "100%", height: "100%" }),
      label(shorten(name, MAX_NAME), {
        x: 12,
        y: 20,
        "font-size": "15",
        "font-weight": "600",
      }),
      label(shorten(`${where} · ${rangeOf(data.times)}`, MAX_TITLE), {
        x: 12,
        y: 36,
        class: "faint",
        "font-size": "11",
      }),
      drawDays(data.times, axis, boxes),
      ...panels,
      label(shorten(data.source, MAX_SOURCE), {
        x: 12,
        y: height - 8,
        class: "faint",
        "font-size": "9",
      }),
    ].join(""),
  );
}
