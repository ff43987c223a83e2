import type { DefinitionKind } from "../../pins/definitions.ts";

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A span of time in its two largest units: "3 h 12 min". */
export function span(ms: number): string {
  const at = UNITS.findIndex(([, size]) => ms >= size);
  if (at === -1) return "0 s";
  let rest = ms;
  return UNITS.slice(at, at + 2)
    .map(([unit, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return `${count} ${unit}`;
    })
    .filter((part, index) => index === 0 || !part.startsWith("0 "))
    .join(" ");
}

/** Milliseconds with no more digits than matter; a dash where there are none. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** The time of day of the reader. */
export const clock = (ms: number): string => new Date(ms).toLocaleTimeString([], { hour12: false });

export const count = (value: number): string => value.toLocaleString("en");

/** "1 tool", "2 tools". */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** What a definition is called; a tool by its name alone, because most are tools. */
export function definitionWords(kind: DefinitionKind, name: string): string {
  if (kind === "server") return "what it says of itself";
  return kind === "tool" ? name : `${kind} ${name}`;
}
