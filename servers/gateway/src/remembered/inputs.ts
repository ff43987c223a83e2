import { statSync } from "node:fs";
import type { LockedVariable } from "#shared/mcp/prepared.ts";
import { look, type NamedVariable } from "./memory.ts";

/**
 * Milliseconds for which a file must have been left alone: a second change within one tick of the file
 * system's clock, of two seconds at worst, would look like none.
 */
export const SETTLED_MS = 2_000;

/**
 * What the settings and lists of a start are made from. Each file is noted before it is read: one that
 * changes in between is then another than the one that was noted.
 */
export class Inputs {
  readonly #files = new Map<string, string>();
  readonly #variables = new Map<string, NamedVariable>();
  #isSettled = true;

  /** A file or folder that is read next, or looked for. */
  file(path: string): void {
    if (this.#files.has(path)) return;
    try {
      this.#files.set(path, look(path));
      const { ctimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
      this.#isSettled &&= Date.now() - ctimeMs > SETTLED_MS;
    } catch {
      this.#isSettled = false;
    }
  }

  variables(named: Readonly<Record<string, LockedVariable>>): void {
    for (const one of Object.entries(named)) this.#variables.set(JSON.stringify(one), one);
  }

  /** Undefined when a file may change unseen. */
  get all() {
    if (!this.#isSettled) return undefined;
    const variables = [...this.#variables.values()];
    return { files: Object.fromEntries(this.#files), variables };
  }
}
