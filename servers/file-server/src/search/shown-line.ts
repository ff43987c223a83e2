/** Characters of a line that are shown. */
export const MAX_SHOWN_CHARS = 500;
/** Of a longer line, so many characters before what was found. */
const LEAD_CHARS = 50;

export const withoutReturn = (line: string) => (line.endsWith("\r") ? line.slice(0, -1) : line);

/** A line, or of a long one the part around what was found. */
export function shownLine(line: string, column = 0): string {
  const whole = withoutReturn(line);
  if (whole.length <= MAX_SHOWN_CHARS) return whole;
  const start = Math.max(0, Math.min(column - LEAD_CHARS, whole.length - MAX_SHOWN_CHARS));
  const end = start + MAX_SHOWN_CHARS;
  return `${start > 0 ? "…" : ""}${whole.slice(start, end)}${end < whole.length ? "…" : ""}`;
}
