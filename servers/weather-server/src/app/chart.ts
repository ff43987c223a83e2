/// <reference lib="dom" />
import { chartData } from "../chart/data.ts";
import { axisOf, drawPanels } from "../chart/draw.ts";
import { element } from "../chart/svg.ts";
import { dayStarts, type TimeAxis } from "../chart/time-axis.ts";
import { inLine, itemsAt, type Table, timeName } from "./table.ts";

/** Narrower than any phone; below it labels would lie over each other. */
const MIN_WIDTH = 260;

export interface Chart {
  show(table: Table): void;
  /** Draws again for another width. */
  resize(): void;
}

/** The drawing, which is a slider over its times: by pointer, arrow keys and screen reader. */
export function makeChart(box: HTMLElement, chosen: (row: number) => void): Chart {
  let table: Table | undefined;
  let axis: TimeAxis | undefined;
  let row = 0;
  let width = 0;

  function choose(wanted: number): void {
    if (!table) return;
    const last = table.times.length - 1;
    row = Math.max(0, Math.min(last, wanted));
    const values = itemsAt(table, row).map((item) => `${item.name} ${inLine(item)}`);
    box.setAttribute("aria-valuemax", String(last));
    box.setAttribute("aria-valuenow", String(row));
    box.setAttribute("aria-valuetext", `${timeName(table, row)}: ${values.join(", ")}`);
    const mark = box.querySelector(".chosen");
    const wide = Math.max(2, axis?.step ?? 0);
    mark?.setAttribute("x", String((axis?.at(row) ?? 0) - wide / 2));
    mark?.setAttribute("width", String(wide));
    chosen(row);
  }

  function draw(): void {
    width = Math.max(MIN_WIDTH, box.clientWidth);
    const data = table && chartData(table);
    box.hidden = !data;
    if (!data) return;
    axis = axisOf(data, width);
    const { svg, bottom } = drawPanels(data, width, 0);
    const mark = element("rect", { class: "chosen", y: 0, height: bottom, rx: 4 });
    const form = { viewBox: `0 0 ${width} ${bottom + 4}`, "aria-hidden": "true" };
    box.innerHTML = element("svg", form, svg + mark);
  }

  const rowAt = ({ clientX }: PointerEvent) => {
    const { left } = box.getBoundingClientRect();
    return axis ? Math.floor((clientX - left - axis.left) / axis.step) : 0;
  };
  const nextDay = (way: 1 | -1) => {
    const starts = dayStarts(table?.times ?? []);
    return way === 1
      ? (starts.find((start) => start > row) ?? Number.POSITIVE_INFINITY)
      : (starts.findLast((start) => start < row) ?? 0);
  };
  const KEYS: Readonly<Record<string, () => number>> = {
    ArrowRight: () => row + 1,
    ArrowUp: () => row + 1,
    ArrowLeft: () => row - 1,
    ArrowDown: () => row - 1,
    PageUp: () => nextDay(1),
    PageDown: () => nextDay(-1),
    Home: () => 0,
    End: () => Number.POSITIVE_INFINITY,
  };
  box.addEventListener("pointermove", (event) => choose(rowAt(event)));
  box.addEventListener("pointerdown", (event) => choose(rowAt(event)));
  box.addEventListener("keydown", (event) => {
    const wanted = KEYS[event.key];
    if (!wanted) return;
    event.preventDefault();
    choose(wanted());
  });

  return {
    show(given) {
      table = given;
      draw();
      choose(0);
    },
    resize() {
      if (box.clientWidth === width) return;
      draw();
      choose(row);
    },
  };
}
