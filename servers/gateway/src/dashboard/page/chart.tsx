import type { ComponentChildren } from "preact";
import type { SecondOfCalls } from "../../activity/series.ts";
import { count, milliseconds } from "./format.ts";

const WIDTH = 600;
const HEIGHT = 120;
/** Seconds from one vertical line to the next. */
const GRID_SECONDS = 30;

/** Least value of an axis that holds `value` and is a round number. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value) ?? power * 10;
}

interface Frame {
  series: readonly SecondOfCalls[];
  top: number;
}

const xOf = (index: number, { series }: Frame) => (index / Math.max(1, series.length)) * WIDTH;
const yOf = (value: number, { top }: Frame) => HEIGHT - (value / top) * HEIGHT;

/** A line with a gap where there is nothing to show. */
function lineOf(frame: Frame, read: (second: SecondOfCalls) => number | null): string {
  let isOpen = false;
  return frame.series
    .map((second, index) => {
      const value = read(second);
      if (value === null) {
        isOpen = false;
        return "";
      }
      const x = xOf(index, frame).toFixed(1);
      const y = yOf(value, frame).toFixed(1);
      // a second alone would be a line of no length
      const command = isOpen ? `L${x} ${y}` : `M${x} ${y}h2`;
      isOpen = true;
      return command;
    })
    .join("");
}

const bars = (frame: Frame, read: (second: SecondOfCalls) => number) =>
  frame.series
    .map((second, index) => {
      const value = read(second);
      if (value === 0) return "";
      const width = (WIDTH / frame.series.length) * 0.8;
      const y = yOf(value, frame).toFixed(1);
      return `M${xOf(index, frame).toFixed(1)} ${HEIGHT}V${y}h${width.toFixed(1)}V${HEIGHT}z`;
    })
    .join("");

function Grid({ frame }: { frame: Frame }) {
  const verticals = frame.series.flatMap(({ at }, index) =>
    at % GRID_SECONDS === 0 ? [`M${xOf(index, frame).toFixed(1)} 0V${HEIGHT}`] : [],
  );
  return (
    <path
      class="grid"
      d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}${verticals.join("")}`}
    />
  );
}

interface PlotProps {
  frame: Frame;
  unit: string;
  /** What is to be seen, for who does not see it. */
  label: string;
  children: ComponentChildren;
}

/** Stretched to the width there is, so the label of the axis is no part of the drawing. */
function Plot({ frame, unit, label, children }: PlotProps) {
  return (
    <div class="frame">
      <span class="axis-label" aria-hidden="true">
        {count(frame.top)} {unit}
      </span>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <Grid frame={frame} />
        {children}
      </svg>
    </div>
  );
}

const frameOf = (
  series: readonly SecondOfCalls[],
  read: (second: SecondOfCalls) => number,
): Frame => ({
  series,
  top: ceiling(Math.max(...series.map(read))),
});

/** Calls of each second, and how long they took, of the last two minutes. */
export function Charts({ series }: { series: readonly SecondOfCalls[] }) {
  const last = series.at(-1);
  const sum = (read: (second: SecondOfCalls) => number) =>
    series.reduce((total, second) => total + read(second), 0);
  const slowest = Math.max(0, ...series.map((second) => second.p95Ms ?? 0));
  const calls = frameOf(series, (second) => second.calls);
  const times = frameOf(series, (second) => second.p95Ms ?? 0);
  return (
    <div class="charts">
      <figure>
        <figcaption>
          Calls a second <strong>{count(last?.calls ?? 0)}</strong>
        </figcaption>
        <Plot
          frame={calls}
          unit="/s"
          label={`${sum((one) => one.calls)} calls in two minutes, ${sum((one) => one.errors)} failed`}
        >
          <path class="bar" d={bars(calls, (one) => one.calls)} />
          <path class="bar failed" d={bars(calls, (one) => one.errors)} />
        </Plot>
        <p class="legend">
          <span class="key">all</span> <span class="key failed">failed</span>
        </p>
      </figure>
      <figure>
        <figcaption>
          Time of a call <strong>{last?.p50Ms == null ? "–" : milliseconds(last.p50Ms)}</strong>
        </figcaption>
        <Plot
          frame={times}
          unit="ms"
          label={`Slowest second in two minutes: ${milliseconds(slowest)} at the 95th percentile`}
        >
          <path class="line p95" d={lineOf(times, (one) => one.p95Ms)} />
          <path class="line p50" d={lineOf(times, (one) => one.p50Ms)} />
        </Plot>
        <p class="legend">
          <span class="key p50">p50</span> <span class="key p95">p95</span>
        </p>
      </figure>
    </div>
  );
}
