/** The names of one path, taken apart into characters once for all the patterns that ask. */
export class PathNames {
  readonly names: readonly string[];
  readonly #characters: (readonly string[])[] = [];

  constructor(names: readonly string[]) {
    this.names = names;
  }

  charactersOf(at: number): readonly string[] {
    const known = this.#characters[at];
    if (known) return known;
    const characters = Array.from(this.names[at] ?? "");
    this.#characters[at] = characters;
    return characters;
  }
}
