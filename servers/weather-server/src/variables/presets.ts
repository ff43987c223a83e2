import type { Step } from "../open-meteo/frame.ts";

export const PRESETS = ["basic", "outdoor", "solar", "agriculture", "snow"] as const;
export type Preset = (typeof PRESETS)[number];

const words = (text: string): readonly string[] => text.split(" ");

/** What people of one trade look at, in names of the forecast interface. */
const SETS: Readonly<Record<Preset, Readonly<Record<Step, readonly string[]>>>> = {
  basic: {
    "15min": words("temperature_2m precipitation weather_code wind_speed_10m is_day"),
    hour: words(
      "temperature_2m precipitation precipitation_probability weather_code wind_speed_10m wind_direction_10m is_day",
    ),
    day: words(
      "weather_code temperature_2m_max temperature_2m_min precipitation_sum precipitation_probability_max wind_speed_10m_max wind_direction_10m_dominant sunrise sunset",
    ),
  },
  outdoor: {
    "15min": words(
      "apparent_temperature precipitation weather_code wind_speed_10m wind_gusts_10m visibility",
    ),
    hour: words(
      "temperature_2m apparent_temperature precipitation_probability precipitation weather_code wind_speed_10m wind_gusts_10m uv_index visibility is_day",
    ),
    day: words(
      "weather_code apparent_temperature_max apparent_temperature_min precipitation_sum precipitation_hours wind_gusts_10m_max uv_index_max sunshine_duration sunrise sunset",
    ),
  },
  solar: {
    "15min": words("temperature_2m sunshine_duration is_day weather_code"),
    hour: words(
      "shortwave_radiation direct_normal_irradiance diffuse_radiation cloud_cover temperature_2m",
    ),
    day: words("shortwave_radiation_sum sunshine_duration daylight_duration sunrise sunset"),
  },
  agriculture: {
    "15min": words("temperature_2m relative_humidity_2m dew_point_2m precipitation wind_speed_10m"),
    hour: words(
      "temperature_2m relative_humidity_2m precipitation et0_fao_evapotranspiration vapour_pressure_deficit soil_temperature_6cm soil_moisture_1_to_3cm wind_speed_10m",
    ),
    day: words(
      "temperature_2m_max temperature_2m_min precipitation_sum et0_fao_evapotranspiration shortwave_radiation_sum wind_speed_10m_max",
    ),
  },
  snow: {
    "15min": words("temperature_2m snowfall freezing_level_height snowfall_height weather_code"),
    hour: words(
      "temperature_2m snowfall snow_depth freezing_level_height precipitation weather_code wind_gusts_10m",
    ),
    day: words(
      "weather_code temperature_2m_max temperature_2m_min snowfall_sum precipitation_sum wind_gusts_10m_max",
    ),
  },
};

export const presetVariables = (preset: Preset, step: Step): readonly string[] =>
  SETS[preset][step];
