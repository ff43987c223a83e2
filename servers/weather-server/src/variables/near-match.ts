/** What people call a variable, by the words in its name. */
const SYNONYMS: Readonly<Record<string, string>> = {
  temp: "temperature",
  feelslike: "apparent_temperature",
  feels_like: "apparent_temperature",
  humidity: "relative_humidity",
  dewpoint: "dew_point",
  pressure: "pressure_msl",
  clouds: "cloud_cover",
  cloudcover: "cloud_cover",
  rain_chance: "precipitation_probability",
  pop: "precipitation_probability",
  wind: "wind_speed",
  windspeed: "wind_speed",
  winddirection: "wind_direction",
  gusts: "wind_gusts",
  windgusts: "wind_gusts",
  uv: "uv_index",
  weathercode: "weather_code",
  pm25: "pm2_5",
  "pm2.5": "pm2_5",
  aqi: "european_aqi",
  radiation: "shortwave_radiation",
};

/** Suggestions in one message. */
const MAX_SUGGESTIONS = 5;
/** Names longer than this are compared only by their beginning. */
const MAX_COMPARED = 64;

const tidy = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .slice(0, MAX_COMPARED)
    .replaceAll(/[\s-]+/g, "_");

const withSynonym = (name: string): string => {
  const key = Object.keys(SYNONYMS).find((word) => name === word || name.startsWith(`${word}_`));
  return key === undefined ? name : `${SYNONYMS[key] ?? key}${name.slice(key.length)}`;
};

/** Edits from one text to the other, for short texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export interface NearMatch {
  /** The one name that was surely meant. */
  match?: string;
  /** Names to choose from, the nearest first. */
  suggestions: string[];
}

/** What a name that is not in the list may mean: a different spelling of one name, or a choice. */
export function nearMatch(given: string, names: readonly string[]): NearMatch {
  const name = withSynonym(tidy(given));
  if (names.includes(name)) return { match: name, suggestions: [] };
  // "temperature" stands for temperature_2m and "wind_speed" for wind_speed_10m: the usual heights
  for (const height of ["_2m", "_10m"]) {
    if (names.includes(name + height)) return { match: name + height, suggestions: [] };
  }
  const ranked = names
    .map((known) => ({
      known,
      score: known.startsWith(name) || name.startsWith(known) ? 0 : distance(name, known),
    }))
    .sort((a, b) => a.score - b.score || a.known.length - b.known.length);
  const limit = Math.max(3, Math.floor(name.length / 2));
  const close = ranked.filter(({ score }) => score <= limit).map(({ known }) => known);
  return { suggestions: close.slice(0, MAX_SUGGESTIONS) };
}
