import type { UnitSystem } from "./systems.ts";

interface Conversion {
  unit: string;
  /** Decimals that the converted value keeps: no more than the source has. */
  decimals: number;
  of(value: number): number;
}

const scale = (unit: string, factor: number, decimals: number): Conversion => ({
  unit,
  decimals,
  of: (value) => value * factor,
});

// Factors are exact by definition: NIST SP 811 (2008) appendix B, but inHg, which is the conventional one.
const MILE_M = 1_609.344;
const KNOT_KMH = 1.852;
const INCH_MM = 25.4;
const FOOT_M = 0.3048;
const INCH_OF_MERCURY_HPA = 33.86389;

const toFahrenheit: Conversion = { unit: "°F", decimals: 1, of: (value) => value * 1.8 + 32 };

const IMPERIAL: Readonly<Record<string, Conversion>> = {
  "°C": toFahrenheit,
  "km/h": scale("mph", 1_000 / MILE_M, 1),
  "m/s": scale("mph", 3_600 / MILE_M, 1),
  mm: scale("inch", 1 / INCH_MM, 3),
  cm: scale("inch", 10 / INCH_MM, 2),
  m: scale("ft", 1 / FOOT_M, 2),
  hPa: scale("inHg", 1 / INCH_OF_MERCURY_HPA, 2),
  "m³/s": scale("ft³/s", 1 / FOOT_M ** 3, 1),
};

/** What Open-Meteo and this server's metric system give, by the unit in the other systems. */
const CONVERSIONS: Readonly<Record<UnitSystem, Readonly<Record<string, Conversion>>>> = {
  metric: { "m/s": scale("km/h", 3.6, 1) },
  imperial: IMPERIAL,
  si: { "km/h": scale("m/s", 1 / 3.6, 2) },
  nautical: { "km/h": scale("kn", 1 / KNOT_KMH, 1), "m/s": scale("kn", 3.6 / KNOT_KMH, 1) },
};

const miles = scale("mi", 1 / MILE_M, 1);

function conversionOf(variable: string, unit: string, system: UnitSystem): Conversion | undefined {
  // metres of view are read as miles, metres of snow or wave as feet
  if (system === "imperial" && variable === "visibility" && unit === "m") return miles;
  return CONVERSIONS[system][unit];
}

/** `value` with at most this many decimals, as a number: -0 becomes 0. */
export const round = (value: number, decimals: number): number =>
  Number(value.toFixed(decimals)) + 0;

export interface Measured<T> {
  unit: string;
  values: T[];
}

/** Texts and missing values pass as they are; a unit that the system does not know keeps its own. */
export function convert<T extends number | string | null>(
  variable: string,
  { unit, values }: Measured<T>,
  system: UnitSystem,
): Measured<T | number> {
  const conversion = conversionOf(variable, unit, system);
  if (!conversion) return { unit, values };
  // a difference has no zero point: 5 degrees warmer is 9 degrees Fahrenheit warmer
  const zero = variable.endsWith("_anomaly") ? conversion.of(0) : 0;
  return {
    unit: conversion.unit,
    values: values.map((value) =>
      typeof value === "number" ? round(conversion.of(value) - zero, conversion.decimals) : value,
    ),
  };
}
