import { compileGlob, type Glob, type GlobState } from "../glob/glob.ts";
import { refuse } from "./refuse.ts";

/**
 * What keys and passwords are usually called. A name without a slash is denied in every folder, and
 * with a folder all that is in it. No commas: between commas the list is a value of DENY_PATTERNS.
 */
export const DEFAULT_DENY_PATTERNS: readonly string[] = [
  ...[".env", ".env.*"],
  ...["*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx", "*.ppk"],
  ...["id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*"],
  ...[".ssh", ".gnupg", ".password-store"],
  ...[".npmrc", ".yarnrc.yml", ".netrc", "_netrc", ".pypirc", ".pgpass", ".my.cnf", ".htpasswd"],
  ...[".git-credentials", "**/.git/config"],
  ...["**/.aws/credentials", "**/.aws/config", "**/.azure", "**/.kube/config"],
  ...["**/.config/gcloud", "**/.config/gh", "**/.config/rclone", "**/.docker/config.json"],
];

/** Names that are never read, listed or searched. Case does not count: on some systems it opens the same file. */
export class DenyList {
  readonly #glob: Glob | undefined;

  /** Throws a PatternError. */
  constructor(patterns: readonly string[]) {
    this.#glob = patterns.length === 0 ? undefined : compileGlob(patterns, { ignoreCase: true });
  }

  /** Refuses a path below a root whose last name is denied; those before it were checked before. */
  check(parts: readonly string[], path: string): void {
    if (this.#glob?.matches(parts)) throw refuse("denied_by_pattern", { path });
  }

  /** Where the patterns stand in a folder, to go on from name by name. */
  enter(parts: readonly string[]): DenyState {
    let state = new DenyState(this.#glob, this.#glob?.start);
    for (const part of parts) state = state.step(part);
    return state;
  }
}

export class DenyState {
  readonly #glob: Glob | undefined;
  readonly #state: GlobState | undefined;

  constructor(glob: Glob | undefined, state: GlobState | undefined) {
    this.#glob = glob;
    this.#state = state;
  }

  get isDenied(): boolean {
    return this.#state?.accepts ?? false;
  }

  /** Denies what either does: for a folder that is about to have another place. */
  with(other: DenyState): DenyState {
    if (!this.#state || !other.#state) return this;
    return new DenyState(this.#glob, this.#state.with(other.#state));
  }

  /** Whether a name in this folder is denied. */
  denies(name: string): boolean {
    return this.#glob !== undefined && this.#state !== undefined
      ? this.#glob.step(this.#state, name).accepts
      : false;
  }

  step(name: string): DenyState {
    if (!this.#glob || !this.#state) return this;
    const next = this.#glob.step(this.#state, name);
    return next === this.#state ? this : new DenyState(this.#glob, next);
  }
}
