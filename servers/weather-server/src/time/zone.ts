const formats = new Map<string, Intl.DateTimeFormat>();
/** There are some 450 zones with a different history; more names than that are a slip. */
const MAX_FORMATS = 600;

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    if (formats.size >= MAX_FORMATS) formats.clear();
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether this machine's zone data know the name. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Minutes east of UTC in `zone` at `instant` (milliseconds since 1970). */
export function offsetMinutes(zone: string, instant: number): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const local = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return Math.round((local - Math.floor(instant / 1_000) * 1_000) / 60_000);
}

const two = (value: number) => String(value).padStart(2, "0");

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const shifted = (zone: string, instant: number) => {
  const minutes = offsetMinutes(zone, instant);
  return { minutes, text: new Date(instant + minutes * 60_000).toISOString() };
};

/** "2026-03-29T03:00+02:00": the local time of an instant, with the offset that holds then. */
export function localTime(zone: string, instant: number): string {
  const { minutes, text } = shifted(zone, instant);
  return `${text.slice(0, 16)}${offsetText(minutes)}`;
}

/** The local date of an instant, "2026-03-29". */
export const localDate = (zone: string, instant: number): string =>
  shifted(zone, instant).text.slice(0, 10);
