import parameters from "../fixtures/open-meteo-parameters.json" with { type: "json" };

/** Answers in the shape of the recorded ones, computed: the same question has the same answer. */
type Params = URLSearchParams;
type Spec = { enum?: string[]; min?: number; max?: number; required?: boolean };
const SPECS = parameters as unknown as Readonly<Record<string, Readonly<Record<string, Spec>>>>;

const DAY_MS = 86_400_000;
const BLOCKS = ["current", "minutely_15", "hourly", "daily"] as const;
const STEP_MS = { current: 900_000, minutely_15: 900_000, hourly: 3_600_000, daily: DAY_MS };
const DEFAULT_DAYS: Readonly<Record<string, number>> = { "/v1/air-quality": 5, "/v1/flood": 92 };

export interface World {
  now: Date;
  /** Zone by "latitude,longitude"; others by their longitude. */
  zones: Readonly<Record<string, string>>;
  /** Variables without any value. */
  missing: ReadonlySet<string>;
  /** Days that the model reaches; what lies beyond is null. */
  horizonDays: number;
  /** The sun neither rises nor sets. */
  polar: "night" | "day" | undefined;
}

/** Seconds, as the real host finds them: by the offset that holds now. */
function offsetNow(zone: string, now: Date): number {
  const name = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
    .formatToParts(now)
    .find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? "") ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60);
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(sunrise|sunset)$/, "iso8601"],
  [/weather_code/, "wmo code"],
  [/is_day|uv_index/, ""],
  [/probability|humidity|cloud_cover/, "%"],
  [/temperature|dew_point/, "°C"],
  [/direction/, "°"],
  [/wind_speed|wind_gusts|current_velocity/, "km/h"],
  [/snowfall_height|freezing_level|visibility|snow_depth|wave_height|sea_level/, "m"],
  [/snowfall/, "cm"],
  [/period/, "s"],
  [/duration/, "s"],
  [/precipitation_hours/, "h"],
  [/precipitation|rain|showers|evapo/, "mm"],
  [/pressure_deficit/, "kPa"],
  [/pressure/, "hPa"],
  [/discharge/, "m³/s"],
  [/pollen/, "grains/m³"],
  [/european_aqi/, "EAQI"],
  [/us_aqi/, "USAQI"],
  [/radiation_sum/, "MJ/m²"],
  [/radiation|irradiance/, "W/m²"],
  [/soil_moisture/, "m³/m³"],
];
const unitOf = (variable: string) =>
  UNITS.find(([pattern]) => pattern.test(variable))?.[1] ?? "μg/m³";

const CODES = [0, 1, 2, 3, 61, 63, 80, 95];

/** A number that is plausible for the variable at this hour. */
function plausible(variable: string, instant: number, shift: number): number {
  const hour = instant / 3_600_000;
  const wave = Math.sin((hour * 2 * Math.PI) / 24 + variable.length) + Math.sin(hour / 37 + shift);
  const by = (least: number, most: number) =>
    Math.round((least + ((wave + 2) / 4) * (most - least)) * 10) / 10;
  if (/weather_code/.test(variable)) return CODES[Math.floor(Math.abs(hour)) % CODES.length] ?? 0;
  if (/is_day/.test(variable)) return hour % 24 > 6 && hour % 24 < 18 ? 1 : 0;
  if (/probability|humidity|cloud_cover/.test(variable)) return Math.round(by(0, 100));
  if (/temperature.*_max/.test(variable)) return by(8, 24);
  if (/temperature.*_min/.test(variable)) return by(-4, 8);
  if (/temperature|dew_point/.test(variable)) return by(-2, 20);
  if (/direction/.test(variable)) return Math.round(by(0, 359));
  if (/pressure_msl|surface_pressure/.test(variable)) return by(990, 1_030);
  if (/precipitation|rain|snow|showers/.test(variable)) return Math.max(0, by(-4, 6));
  if (/visibility/.test(variable)) return Math.round(by(2_000, 24_000));
  return by(0, 40);
}

const isoLocal = (instant: number, offset: number, block: string) =>
  new Date(instant + offset * 1_000).toISOString().slice(0, block === "daily" ? 10 : 16);

const tomorrow = (local: string) =>
  new Date(Date.parse(`${local.slice(0, 10)}T00:00Z`) + DAY_MS).toISOString();
const pad = (local: string, time: string) => `${local.slice(0, 10)}T${time}`;

function column(
  world: World,
  block: string,
  variable: string,
  times: readonly number[],
  offset: number,
) {
  const end = world.now.getTime() + world.horizonDays * DAY_MS;
  return times.map((instant) => {
    const local = isoLocal(instant, offset, block);
    if (/^(sunrise|sunset)$/.test(variable)) {
      if (world.polar)
        return pad(
          variable === "sunset" && world.polar === "day" ? tomorrow(local) : local,
          "00:00",
        );
      return pad(local, variable === "sunrise" ? "07:41" : "16:04");
    }
    if (world.missing.has(variable) || instant > end) return null;
    if (variable === "is_day" && world.polar) return world.polar === "day" ? 1 : 0;
    return plausible(variable, instant, 0);
  });
}

/** Local midnights or quarter hours that a question covers, as instants. */
function timesOf(
  params: Params,
  path: string,
  block: keyof typeof STEP_MS,
  offset: number,
  now: Date,
): number[] {
  if (block === "current") return [Math.floor(now.getTime() / 900_000) * 900_000];
  const localNow = now.getTime() + offset * 1_000;
  const today = Math.floor(localNow / DAY_MS) * DAY_MS;
  const date = (name: string) => Date.parse(`${params.get(name)}T00:00Z`);
  const days = Number(params.get("forecast_days") ?? DEFAULT_DAYS[path] ?? 7);
  const first = params.has("start_date")
    ? date("start_date")
    : today - Number(params.get("past_days") ?? 0) * DAY_MS;
  const last = params.has("end_date") ? date("end_date") + DAY_MS : today + days * DAY_MS;
  const times: number[] = [];
  for (let at = first; at < last; at += STEP_MS[block]) times.push(at - offset * 1_000);
  return times;
}

function copiesOf(path: string, params: Params, variable: string): string[] {
  const models = params.get("models")?.split(",") ?? [];
  if (path === "/v1/ensemble")
    return [
      variable,
      ...Array.from(
        { length: 50 },
        (_, i) => `${variable}_member${String(i + 1).padStart(2, "0")}`,
      ),
    ];
  return models.length > 1 ? models.map((model) => `${variable}_${model}`) : [variable];
}

function answerAt(path: string, params: Params, latitude: number, longitude: number, world: World) {
  const auto =
    world.zones[`${latitude},${longitude}`] ??
    (Math.round(longitude / 15) === 0
      ? "GMT"
      : `Etc/GMT${longitude > 0 ? "-" : "+"}${Math.abs(Math.round(longitude / 15))}`);
  const given = params.get("timezone") ?? "GMT";
  const zone = given === "auto" ? auto : given;
  const offset = offsetNow(zone, world.now);
  const answer: Record<string, unknown> = {
    latitude,
    longitude,
    generationtime_ms: 0.04,
    utc_offset_seconds: offset,
    timezone: zone,
    timezone_abbreviation: zone,
    elevation: 38,
  };
  for (const block of BLOCKS) {
    const names = params
      .get(block)
      ?.split(",")
      .flatMap((name) => copiesOf(path, params, name));
    if (!names) continue;
    const times = timesOf(params, path, block, offset, world.now);
    const copies = copiesOf(path, params, "").length;
    const columns = names.map((name, index) => {
      const base = name.replace(/_member\d+$/, "");
      // members and models lie on either side of what a single answer would say
      const shift = ((index % copies) - (copies - 1) / 2) / 5;
      const values = column(world, block, base, times, offset).map((value) => {
        if (typeof value !== "number" || shift === 0) return value;
        const moved = Math.round((value + shift) * 10) / 10;
        return value >= 0 && /precipitation|rain|snow/.test(base) ? Math.max(0, moved) : moved;
      });
      return [name, block === "current" ? values[0] : values] as const;
    });
    const locals = times.map((instant) => isoLocal(instant, offset, block));
    answer[`${block}_units`] = {
      time: "iso8601",
      ...Object.fromEntries(names.map((name) => [name, unitOf(name)])),
    };
    answer[block] = {
      time: block === "current" ? locals[0] : locals,
      ...(block === "current" && { interval: 900 }),
      ...Object.fromEntries(columns),
    };
  }
  return answer;
}

export type Reply = { status: number; body: unknown };
const refuse = (reason: string): Reply => ({ status: 400, body: { error: true, reason } });

/** The refusals that the real host has for what it does not take, in its own words. */
function faultOf(path: string, params: Params): string | undefined {
  const spec = SPECS[path];
  if (!spec) return "Not Found";
  for (const [name, text] of params) {
    const known = spec[name];
    if (!known) return `Unknown parameter ${name}`;
    if (name === "timezone" || name === "models") continue;
    for (const value of known.enum ? text.split(",") : [])
      if (!known.enum?.includes(value))
        return `Cannot initialize SurfaceAndPressureVariable<ForecastSurfaceVariable, ForecastPressureVariable> from invalid String value ${value} for key ${name}`;
    const number = Number(text);
    if (known.max !== undefined && (number > known.max || number < (known.min ?? 0)))
      return `Forecast days is invalid. Allowed range 0 to ${known.max}. Given ${text}.`;
  }
  if (params.has("start_date") && params.has("forecast_days"))
    return "Parameter 'forecast_days' is mutually exclusive with 'start_date' and 'end_date'";
  return undefined;
}

/** What the host answers to a question: one place, or a list for several. */
export function answerFor(path: string, params: Params, world: World): Reply {
  const fault = faultOf(path, params);
  if (fault !== undefined) return refuse(fault);
  const latitudes = (params.get("latitude") ?? "").split(",").map(Number);
  const longitudes = (params.get("longitude") ?? "").split(",").map(Number);
  const outside = latitudes.find((value) => Math.abs(value) > 90);
  if (outside !== undefined)
    return refuse(`Latitude must be in range of -90 to 90°. Given: ${outside.toFixed(1)}.`);
  const answers = latitudes.map((latitude, index) =>
    answerAt(path, params, latitude, longitudes[index] ?? 0, world),
  );
  return { status: 200, body: answers.length === 1 ? answers[0] : answers };
}
