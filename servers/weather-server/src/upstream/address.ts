export type Scalar = string | number | boolean;
/** A list is joined with commas; undefined is left out. */
export type Query = Readonly<Record<string, Scalar | readonly Scalar[] | undefined>>;

const encode = (value: Scalar) =>
  // commas stay, because they part what Open-Meteo lists; a space becomes %20, never +
  encodeURIComponent(String(value)).replaceAll("%2C", ",");

/** The address of a question: the same question gives the same text, whatever the order of its parts. */
export function addressOf(base: string, query: Query): string {
  const parts = Object.entries(query)
    .flatMap(([name, value]) => {
      if (value === undefined) return [];
      const items = Array.isArray(value) ? value : [value];
      return items.length === 0 ? [] : [`${name}=${items.map(encode).join(",")}`];
    })
    .sort();
  return parts.length === 0 ? base : `${base}?${parts.join("&")}`;
}
