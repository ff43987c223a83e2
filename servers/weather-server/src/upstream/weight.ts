/** Days that one unit of weight covers, and variables: open-meteo.com/en/pricing, "How are API calls counted". */
const DAYS_IN_ONE = 14;
const VARIABLES_IN_ONE = 10;

export interface Volume {
  places: number;
  variables: number;
  days: number;
}

/** What a request counts against the limits: at least 1 for each place. */
export function weightOf({ places, variables, days }: Volume): number {
  const each = (variables / VARIABLES_IN_ONE) * Math.max(1, days / DAYS_IN_ONE);
  return places * Math.max(1, each);
}
