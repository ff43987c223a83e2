const POINTS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"] as const;

/** Where a wind of this many degrees comes from, as one of eight points. */
export function compass(degrees: number): string {
  const turn = ((degrees % 360) + 360) % 360;
  return POINTS[Math.round(turn / 45) % POINTS.length] ?? "N";
}

type Band = readonly [upTo: number, word: string];

/** The European Environment Agency's bands of its index (since 2021). */
const EUROPEAN: readonly Band[] = [
  [20, "good"],
  [40, "fair"],
  [60, "moderate"],
  [80, "poor"],
  [100, "very poor"],
];

/** The bands of the EPA: Technical Assistance Document for the Reporting of Daily Air Quality. */
const US: readonly Band[] = [
  [50, "good"],
  [100, "moderate"],
  [150, "unhealthy for sensitive groups"],
  [200, "unhealthy"],
  [300, "very unhealthy"],
];

const within = (bands: readonly Band[], beyond: string, value: number) =>
  bands.find(([upTo]) => value <= upTo)?.[1] ?? beyond;

/** The word for an index of air quality; undefined for any other variable, and for a missing value. */
export function airQualityLevel(
  variable: string,
  value: number | string | null,
): string | undefined {
  if (typeof value !== "number") return undefined;
  if (variable.startsWith("european_aqi")) return within(EUROPEAN, "extremely poor", value);
  if (variable.startsWith("us_aqi")) return within(US, "hazardous", value);
  return undefined;
}
