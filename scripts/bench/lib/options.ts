import { parseArgs } from "node:util";
import { countFrom, UsageError } from "../../lib/args.ts";
import type { Era } from "./messages.ts";

type Given = Record<string, string | string[] | boolean | undefined>;

const text = { type: "string" } as const;
const shared = { save: { type: "boolean" }, "max-seconds": text } as const;

/** The options of a command: those named, each with a value, and those that every command has. */
export function readOptions(argv: string[], names: readonly string[]): Given {
  const own = Object.fromEntries(names.map((name) => [name, text]));
  const options = { ...shared, node: { ...text, multiple: true as const }, ...own };
  return parseArgs({ args: argv, options }).values as Given;
}

export function listOf(given: Given, name: string, fallback: readonly string[] = []): string[] {
  const value = given[name];
  if (value === undefined) return [...fallback];
  return [value].flat().flatMap((one) => String(one).split(",").filter(Boolean));
}

/** A whole number from 1 to `most`. */
export function countOf(given: Given, name: string, fallback: number, most: number): number {
  return countFrom(`--${name}`, String(given[name] ?? fallback), most);
}

export const countsOf = (given: Given, name: string, fallback: string, most: number): number[] =>
  String(given[name] ?? fallback)
    .split(",")
    .map((one) => countFrom(`--${name}`, one, most));

const eras: Record<string, Era[]> = {
  legacy: ["2025"],
  modern: ["2026"],
  both: ["2025", "2026"],
};

export function erasOf(given: Given, fallback: string): Era[] {
  const found = eras[String(given.era ?? fallback)];
  if (found) return found;
  throw new UsageError(`--era takes legacy, modern or both, not "${String(given.era)}"`);
}
