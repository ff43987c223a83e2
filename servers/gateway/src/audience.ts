import type { ServerEvent } from "#shared/core/contract.ts";
import type { Mount } from "./mounts/mount.ts";
import type { Viewer } from "./policy/policy.ts";
import type { ProfileSpec } from "./settings/spec.ts";
import { Surfaces, type SurfacesOptions } from "./surfaces.ts";

/** Sets of grants for which surfaces are kept; the one that was not used for longest makes room. */
export const MAX_AUDIENCES = 256;

const EVERYTHING = "";

/** The surfaces of everybody: those who are let to the same have the same. */
export class Audience {
  readonly #options: Omit<SurfacesOptions, "viewer">;
  readonly #surfaces = new Map<string, Surfaces>();
  #profiles: readonly ProfileSpec[] = [];

  constructor(options: Omit<SurfacesOptions, "viewer">) {
    this.#options = options;
  }

  of(viewer: Viewer): Surfaces {
    const key = viewer.grants?.key ?? EVERYTHING;
    const known = this.#surfaces.get(key);
    if (known) {
      // the order of a map is that of its insertions: what is used last stands last
      if (this.#surfaces.size > 1) {
        this.#surfaces.delete(key);
        this.#surfaces.set(key, known);
      }
      return known;
    }
    if (this.#surfaces.size >= MAX_AUDIENCES) this.#makeRoom();
    const made = new Surfaces({ ...this.#options, viewer });
    made.sync(this.#profiles);
    this.#surfaces.set(key, made);
    return made;
  }

  sync(profiles: readonly ProfileSpec[]): void {
    this.#profiles = profiles;
    for (const surfaces of this.#surfaces.values()) surfaces.sync(profiles);
  }

  publish(mount: Mount, event: ServerEvent): void {
    for (const surfaces of this.#surfaces.values()) surfaces.publish(mount, event);
  }

  async endStreams(): Promise<void> {
    await Promise.all([...this.#surfaces.values()].map((surfaces) => surfaces.endStreams()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#surfaces.values()].map((surfaces) => surfaces.close()));
  }

  #makeRoom(): void {
    for (const [key, surfaces] of this.#surfaces) {
      this.#surfaces.delete(key);
      surfaces.retire();
      return;
    }
  }
}
