/** The last so many of something, oldest first. */
export class Ring<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(item: T): void {
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.#limit;
  }

  list(): T[] {
    const start = this.#items.length < this.#limit ? 0 : this.#next;
    return [...this.#items.slice(start), ...this.#items.slice(0, start)];
  }
}
