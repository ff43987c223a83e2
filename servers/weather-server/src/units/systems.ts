export const UNIT_SYSTEMS = ["metric", "imperial", "si", "nautical"] as const;
export type UnitSystem = (typeof UNIT_SYSTEMS)[number];
