import { isObject } from "./open-answer.ts";

/** What the editor keeps in a module's metadata for itself: where it is drawn, what it showed last. */
const NOISE = new Set(["designer", "restore"]);

/** JSON with the keys of every object in order, so that the same content is the same text. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, sortKeys(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A blueprint, or a part of one, without what only the editor needs, keys in order. */
export function normalForm(blueprint: unknown): unknown {
  return sortKeys(withoutNoise(blueprint));
}

function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      key === "metadata" && isObject(each)
        ? [key, withoutNoiseIn(each)]
        : [key, withoutNoise(each)],
    ),
  );
}

const withoutNoiseIn = (metadata: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(metadata)
      .filter(([key]) => !NOISE.has(key))
      .map(([key, each]) => [key, withoutNoise(each)]),
  );

/** Whether two JSON values are the same, whatever the order of their keys. */
export const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(sortKeys(a)) === JSON.stringify(sortKeys(b));
