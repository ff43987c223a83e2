/**
 * Bytes that the items of one page may have on the wire. The rest of a result, with paths of the
 * greatest length, fits into what is left to the megabyte.
 */
export const PAGE_BYTES = 800_000;

/** A result goes out twice: as structured content, and as the same JSON in a text. */
export function wireBytes(value: unknown): number {
  const json = JSON.stringify(value);
  return Buffer.byteLength(json) + Buffer.byteLength(JSON.stringify(json));
}

/** Counts what a page holds. */
export class ByteBudget {
  #left: number;

  constructor(bytes: number = PAGE_BYTES) {
    this.#left = bytes;
  }

  /** Whether the item still fits; then it is counted. */
  take(item: unknown): boolean {
    const bytes = wireBytes(item);
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
