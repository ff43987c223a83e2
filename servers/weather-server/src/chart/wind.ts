import type { Numbers, Plotted } from "./data.ts";
import { area, type Box, line, panel, present } from "./panel.ts";
import { scaleFor } from "./scale.ts";
import { element, px } from "./svg.ts";
import type { TimeAxis } from "./time-axis.ts";

/** From one arrow to the next. */
const MIN_ARROW_STEP = 24;
/** Points away from where the wind comes from, around its own middle. */
const ARROW = "M0 6 3.6-5 0-2.4-3.6-5Z";
const ARROW_ROOM = 18;

function arrows(directions: Numbers, axis: TimeAxis, y: number): string {
  const every = Math.max(1, Math.ceil(MIN_ARROW_STEP / axis.step));
  return directions
    .map((from, row) => {
      if (from === null || row % every !== Math.floor(every / 2)) return "";
      const place = `translate(${px(axis.at(row))} ${px(y)}) rotate(${Math.round(from)})`;
      return element("path", { class: "arrow", transform: place, d: ARROW });
    })
    .join("");
}

export function drawWind(
  plot: Plotted,
  directions: Numbers | undefined,
  axis: TimeAxis,
  box: Box,
): string {
  const { main, spread } = plot;
  const scale = scaleFor([0, ...present(main, spread?.high)], {
    start: box.bottom,
    end: box.top + (directions ? ARROW_ROOM : 4),
    ticks: 3,
    least: 10,
  });
  const behind = spread ? area(spread.high, spread.low, scale, axis, "spread") : "";
  const above = directions ? arrows(directions, axis, box.top + 5) : "";
  return panel(plot, scale, axis, box, behind + line(main, scale, axis, "wind") + above);
}
