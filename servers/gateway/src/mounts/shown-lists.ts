import type { ServerEvent } from "#shared/core/contract.ts";
import type { MountSettings } from "../settings/spec.ts";
import { type Catalogue, changedLists, unknownCatalogue } from "./catalogue.ts";
import { isAllowed } from "./filter.ts";

type Filtering = Pick<MountSettings, "name" | "tools" | "onDown">;

/** What a mount shows of its server, as its entry lets it through; tells when that changes. */
export class ShownLists {
  readonly isKnown: boolean;
  readonly #onChange: (event: ServerEvent) => void;
  #settings: Filtering;
  #catalogue: Catalogue;

  /** `known` is what the server showed before, or its lock file says. */
  constructor(
    settings: Filtering,
    known: Catalogue | undefined,
    onChange: (event: ServerEvent) => void,
  ) {
    const first = settings.onDown === "hide" ? undefined : known;
    this.isKnown = first !== undefined;
    this.#settings = settings;
    this.#onChange = onChange;
    this.#catalogue = this.#filtered(first ?? unknownCatalogue(settings.name));
  }

  get catalogue(): Catalogue {
    return this.#catalogue;
  }

  /** Whether the entry lets a tool through. */
  allows(tool: string): boolean {
    return isAllowed(tool, this.#settings.tools);
  }

  /** Holds for what is shown from now on. */
  configure(settings: Filtering): void {
    this.#settings = settings;
  }

  show(whole: Catalogue): void {
    const before = this.#catalogue;
    this.#catalogue = this.#filtered(whole);
    for (const kind of changedLists(before, this.#catalogue)) this.#onChange({ kind });
  }

  /** The server went down: its lists stay, so that they are the same from day to day, unless its entry says otherwise. */
  down(): void {
    if (this.#settings.onDown === "hide")
      this.show({
        ...this.#catalogue,
        tools: [],
        prompts: [],
        resources: [],
        resourceTemplates: [],
      });
  }

  #filtered(catalogue: Catalogue): Catalogue {
    const tools = catalogue.tools.filter(({ name }) => this.allows(name));
    return tools.length === catalogue.tools.length ? catalogue : { ...catalogue, tools };
  }
}
