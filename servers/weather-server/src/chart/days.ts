import { label } from "./svg.ts";
import { isLong, spansOf, type TimeAxis } from "./time-axis.ts";

const form = (options: Intl.DateTimeFormatOptions, locale = "en") => {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  return (date: string) => format.format(new Date(`${date}T00:00Z`));
};
const weekday = form({ weekday: "short" });
const letter = form({ weekday: "narrow" });
const month = form({ month: "short" });
const full = form({ dateStyle: "medium" }, "en-GB");

/** "15 Jan 2025 to 30 Jan 2025": the labels of single days need not say it. */
export function rangeOf(times: readonly string[]): string {
  const [first, last] = [times[0], times.at(-1)].map((time) => full((time ?? "").slice(0, 10)));
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** Room that a label of each form needs. */
const WEEKDAY_WIDTH = 25;
const NUMBER_WIDTH = 15;
const MONTH_WIDTH = 24;
/** Height of the names of days, and of the weekdays above them. */
const NAMES_HEIGHT = 20;
const WEEKDAYS_HEIGHT = 14;

const centred = (size: number) => ({ "font-size": `${size}`, "text-anchor": "middle" });

interface Labels {
  svg: string;
  height: number;
}

/** The names of months, but for one that is cut short at the edge and has no room. */
function drawMonths(times: readonly string[], axis: TimeAxis, top: number): Labels {
  const names = spansOf(times, axis).map(({ from, to, date }) => {
    if (to - from < MONTH_WIDTH) return "";
    const place = { x: (from + to) / 2, y: top + 14, class: "faint" };
    return label(month(date), { ...place, ...centred(11) });
  });
  return { svg: names.join(""), height: NAMES_HEIGHT };
}

/** The names of days, or of months in a long range, above everything; and the height they take. */
export function drawDays(times: readonly string[], axis: TimeAxis, top: number): Labels {
  if (isLong(times)) return drawMonths(times, axis, top);
  const days = spansOf(times, axis);
  const widest = Math.max(...days.map(({ from, to }) => to - from));
  const every = Math.ceil(NUMBER_WIDTH / widest);
  const above = every === 1 ? WEEKDAYS_HEIGHT : 0;
  const names = days.map(({ from, to, date }, index) => {
    const x = (from + to) / 2;
    if (index % every !== 0 || (every === 1 && to - from < NUMBER_WIDTH)) return "";
    const size = widest < WEEKDAY_WIDTH ? 11 : 13;
    const number = label(String(Number(date.slice(8))), {
      x,
      y: top + above + 14,
      ...centred(size),
    });
    if (above === 0) return number;
    const name = widest < WEEKDAY_WIDTH ? letter(date) : weekday(date);
    return label(name, { x, y: top + 12, class: "faint", ...centred(10) }) + number;
  });
  return { svg: names.join(""), height: NAMES_HEIGHT + above };
}
