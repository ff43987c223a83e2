import type { Plotted } from "./data.ts";
import { type Box, panel, present, shown, widthOf } from "./panel.ts";
import { type Scale, scaleFor } from "./scale.ts";
import { element, label } from "./svg.ts";
import type { TimeAxis } from "./time-axis.ts";

const MAX_BAR_WIDTH = 26;
const LABEL_SIZE = 10;

/** Less than this, by unit, does not fill a panel: a drizzle must not look like a flood. */
const LEAST: Readonly<Record<string, number>> = { inch: 0.2, cm: 2, mm: 4 };

function amounts({ main, unit }: Plotted, scale: Scale, axis: TimeAxis): string {
  const texts = main.map((value) => {
    const text = value ? shown(value, unit === "inch" ? 2 : 1) : "0";
    // a trace has its bar; a number 0 above it would be wrong
    return text === "0" ? "" : text;
  });
  if (Math.max(...texts.map((text) => widthOf(text, LABEL_SIZE))) > axis.step - 1) return "";
  const form = { "font-size": `${LABEL_SIZE}`, "text-anchor": "middle" };
  return main
    .map((value, row) => {
      const text = texts[row];
      return text ? label(text, { x: axis.at(row), y: scale.at(value ?? 0) - 4, ...form }) : "";
    })
    .join("");
}

export function drawPrecipitation(plot: Plotted, axis: TimeAxis, box: Box): string {
  const { main, unit, spread } = plot;
  const scale = scaleFor([0, ...present(main, spread?.high)], {
    start: box.bottom,
    end: box.top + 10,
    ticks: 3,
    least: LEAST[unit] ?? 1,
  });
  const width = Math.max(0.8, Math.min(MAX_BAR_WIDTH, axis.step * 0.68));
  const bar = (name: string, row: number, to: number | null | undefined, from = 0, share = 1) => {
    if (!to || to <= from) return "";
    const [y, wide] = [scale.at(to), width * share];
    const rect = { x: axis.at(row) - wide / 2, y, width: wide, height: scale.at(from) - y };
    return element("rect", { class: name, ...rect, rx: Math.min(2, wide / 4) });
  };
  const behind = main.map((_, row) => bar("spread", row, spread?.high[row], spread?.low[row] ?? 0));
  const bars = main.map((value, row) => bar("rain", row, value, 0, spread ? 0.5 : 1));
  const drawn = [...behind, ...bars].join("") + (spread ? "" : amounts(plot, scale, axis));
  return panel(plot, scale, axis, box, drawn);
}
