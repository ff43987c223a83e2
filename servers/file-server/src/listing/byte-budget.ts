/**
 * Bytes that the items of one page may have on the wire. The rest of a result, with paths of the
 * greatest length, fits into what is left to the megabyte.
 */
export const PAGE_BYTES = 800_000;

/** A result goes out twice: as structured content, and as the same JSON in a text. */
export function wireBytes(value: unknown): number {
  const json = JSON.stringify(value) ?? "";
  // in the text, quotes and backslashes are escaped once more; control characters are so already
  return 2 * Buffer.byteLength(json) + (json.match(/["\\]/g)?.length ?? 0) + QUOTES;
}

/** Of one character of the JSON, in both places: three in UTF-8, or one and a backslash. */
const WORST_BYTES = 6;

/** Around the text. */
const QUOTES = 2;

/** Counts what a page holds. */
export class ByteBudget {
  #left: number;

  constructor(bytes: number = PAGE_BYTES) {
    this.#left = bytes;
  }

  /**
   * How many of the first items fit; those are counted. One look at all is enough when they do, and
   * none at their characters when they would at their worst.
   */
  takeMany(items: readonly unknown[]): number {
    const most = (JSON.stringify(items)?.length ?? 0) * WORST_BYTES + QUOTES;
    if (most <= this.#left) {
      this.#left -= most;
      return items.length;
    }
    const bytes = wireBytes(items);
    if (bytes > this.#left) {
      const fitting = items.findIndex((item) => !this.take(item));
      return fitting === -1 ? items.length : fitting;
    }
    this.#left -= bytes;
    return items.length;
  }

  /** Whether the item still fits; then it is counted. */
  take(item: unknown): boolean {
    const bytes = wireBytes(item);
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
