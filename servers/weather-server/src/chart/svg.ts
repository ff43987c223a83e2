const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as it may stand in an SVG: names come from others. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter)
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, " ");

/** A position with a tenth of a unit. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, content = ""): string {
  const text = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? px(value) : escapeXml(value)}"`)
    .join("");
  return content === "" ? `<${name}${text}/>` : `<${name}${text}>${content}</${name}>`;
}

export const label = (text: string, attributes: Attributes): string =>
  element("text", attributes, escapeXml(text));

type Point = readonly [x: number, y: number];
const move = ([x, y]: Point, index: number) => `${index === 0 ? "M" : "L"}${px(x)} ${px(y)}`;

/** Runs of rows that have a value: a line is broken where one is missing. */
export function runs<T>(values: readonly (T | null)[]): { row: number; value: T }[][] {
  const found: { row: number; value: T }[][] = [];
  let run: { row: number; value: T }[] = [];
  for (const [row, value] of values.entries()) {
    if (value !== null) run.push({ row, value });
    else if (run.length > 0) {
      found.push(run);
      run = [];
    }
  }
  return run.length > 0 ? [...found, run] : found;
}

export const polyline = (points: readonly Point[]): string => points.map(move).join("");

/** The area between two lines. */
export const band = (upper: readonly Point[], lower: readonly Point[]): string =>
  `${[...upper, ...[...lower].reverse()].map(move).join("")}Z`;
