import { element, px } from "./svg.ts";

const CLOUD = "M7 18a4 4 0 0 1-.4-8 5.5 5.5 0 0 1 10.6 1A3.6 3.6 0 0 1 17 18Z";
const SMALL_SUN = "M8 3.2v1.6M3.6 5.1l1.1 1.1M12.4 5.1l-1.1 1.1M1.8 9.4h1.6";

/** A stroke's width at the size of the box. */
const stroked = { "stroke-width": "1.8", "stroke-linecap": "round", "stroke-linejoin": "round" };
const line = (name: string, d: string, width = stroked["stroke-width"]) =>
  element("path", { class: name, d, ...stroked, "stroke-width": width });

const RAYS =
  "M12 2.5v2.2M12 19.3v2.2M2.5 12h2.2M19.3 12h2.2M5.3 5.3l1.5 1.5M17.2 17.2l1.5 1.5M5.3 18.7l1.5-1.5M17.2 6.8l1.5-1.5";
const sun = element("circle", { class: "sun", cx: 12, cy: 12, r: 4.6 }) + line("sun", RAYS);
const moon = line("sun", "M19 14.6A8 8 0 1 1 9.6 5a6.6 6.6 0 0 0 9.4 9.6Z");
const cloud = line("cloud", CLOUD);
const raised = element("g", { transform: "translate(0 -3.5)" }, cloud);
const fall = (d: string, width?: string) => raised + line("drop", d, width);

const GLYPHS = {
  sun,
  moon,
  "sun-cloud":
    element("circle", { class: "sun", cx: 8, cy: 9.4, r: 3 }) + line("sun", SMALL_SUN) + cloud,
  "moon-cloud": element("g", { transform: "translate(-1.5 -1.5) scale(.62)" }, moon) + cloud,
  cloud,
  fog:
    element("g", { transform: "translate(0 -4)" }, cloud) + line("drop fog", "M4 17.5h16M7 21h10"),
  drizzle: fall("M9 18v.6M14 18v.6M11.5 21v.6"),
  rain: fall("M8.5 17.5l-1 3.5M12.5 17.5l-1 3.5M16.5 17.5l-1 3.5"),
  snow: fall(
    "M8 16.6v4.8M5.9 17.8l4.2 2.4M10.1 17.8l-4.2 2.4M16 16.6v4.8M13.9 17.8l4.2 2.4M18.1 17.8l-4.2 2.4",
    "1.1",
  ),
  thunder:
    raised +
    element("path", { class: "bolt", d: "M12.8 13.2 9 18.2h2.6l-1 4 4.2-5.4h-2.7l1.5-3.6Z" }),
} as const;

type Glyph = keyof typeof GLYPHS;

/** The picture of a WMO code; undefined for a code that has none. */
export function glyphOf(code: number, night: boolean): Glyph | undefined {
  if (code <= 1) return night ? "moon" : "sun";
  if (code === 2) return night ? "moon-cloud" : "sun-cloud";
  if (code === 3) return "cloud";
  if (code === 45 || code === 48) return "fog";
  if (code >= 51 && code <= 57) return "drizzle";
  if ((code >= 61 && code <= 67) || (code >= 80 && code <= 82)) return "rain";
  if ((code >= 71 && code <= 77) || code === 85 || code === 86) return "snow";
  return code >= 95 ? "thunder" : undefined;
}

/** Side of the box that the glyphs are drawn in. */
const BOX = 24;

export function drawGlyph(glyph: Glyph, x: number, y: number, size: number): string {
  const place = `translate(${px(x - size / 2)} ${px(y)}) scale(${(size / BOX).toFixed(3)})`;
  return element("g", { transform: place }, GLYPHS[glyph]);
}
