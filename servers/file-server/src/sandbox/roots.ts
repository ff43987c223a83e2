import { realpath } from "node:fs/promises";
import { isAbsolute, parse, resolve } from "node:path";
import { checkName, checkPath } from "./path-rules.ts";
import type { Place, Root } from "./place.ts";
import { refuse } from "./refuse.ts";

const onWindows = process.platform === "win32";
const SEPARATOR = onWindows ? /[\\/]+/ : /\/+/;

/** Names of a path; empty ones and `.` say nothing. `..` stays: what it means shows in the walk. */
export const splitPath = (path: string): string[] =>
  path.split(SEPARATOR).filter((part) => part !== "" && part !== ".");

const sameName = onWindows
  ? (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase()
  : (a: string, b: string | undefined) => a === b;

/** What is left of a path below a folder; undefined when it is not below it. */
function below(folder: string, parts: readonly string[]): string[] | undefined {
  const prefix = splitPath(folder);
  return prefix.every((part, index) => sameName(part, parts[index]))
    ? parts.slice(prefix.length)
    : undefined;
}

export interface RootState {
  given: string;
  /** Absent while the folder cannot be found. */
  root?: Root;
}

/** Real paths by the given ones. Each is found once: a link on the way to a root cannot be turned afterwards. */
export type RealPaths = Map<string, string>;

export async function findRealPath(given: string, found: RealPaths): Promise<string> {
  const path = found.get(given) ?? (await realpath(given));
  // of two that looked at the same time the first one counts
  if (!found.has(given)) found.set(given, path);
  return found.get(given) ?? path;
}

export class Roots {
  readonly #given: readonly string[];
  readonly #realPaths: RealPaths;
  readonly #found = new Map<string, Root>();

  /** `given` are absolute. A folder that is missing is looked for again by the next call. */
  constructor(given: readonly string[], realPaths: RealPaths = new Map()) {
    this.#given = given;
    this.#realPaths = realPaths;
  }

  /**
   * Which root a path is in, and where. The path is taken as it is; whether anything stands there
   * is not looked at, so that what is outside is refused in the same words, be it there or not.
   */
  async locate(path: string): Promise<Place> {
    checkPath(path);
    const place = isAbsolute(path)
      ? await this.locateAbsolute(path)
      : { root: await this.#first(), parts: splitPath(path) };
    if (!place) throw this.#outside(path);
    for (const part of place.parts) checkName(part, path);
    return place;
  }

  /** The innermost root that an absolute path is in. */
  async locateAbsolute(path: string): Promise<Place | undefined> {
    const parts = splitPath(path);
    let innermost: Place | undefined;
    for (const root of await this.#available()) {
      const rest = below(root.given, parts) ?? below(root.canonical, parts);
      if (rest && rest.length < (innermost?.parts.length ?? Number.POSITIVE_INFINITY))
        innermost = { root, parts: rest };
    }
    return innermost;
  }

  /** All that are given, with their real places where they are found. */
  list(): Promise<RootState[]> {
    return Promise.all(
      this.#given.map(async (given) => {
        const root = await this.#find(given).catch(() => undefined);
        return root ? { given, root } : { given };
      }),
    );
  }

  async #first(): Promise<Root> {
    const [given] = this.#given;
    if (given === undefined) throw refuse("no_root");
    return this.#find(given);
  }

  async #available(): Promise<Root[]> {
    const found = await Promise.allSettled(this.#given.map((given) => this.#find(given)));
    const roots = found.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    if (roots.length === 0) await this.#first(); // says why
    return roots;
  }

  async #find(given: string): Promise<Root> {
    const known = this.#found.get(given);
    if (known) return known;
    try {
      const canonical = await findRealPath(given, this.#realPaths);
      const root = { given, canonical, isFirst: given === this.#given[0] };
      this.#found.set(given, root);
      return root;
    } catch (cause) {
      throw rootUnavailable(given, cause);
    }
  }

  #outside(path: string) {
    return refuse("outside_root", {
      path,
      because: "The path is outside the folders this server may use, which details.roots names",
      details: { roots: this.#given },
    });
  }
}

export const rootUnavailable = (given: string, cause?: unknown) =>
  refuse("root_unavailable", {
    because: `The allowed folder ${JSON.stringify(given)} cannot be opened; ask the owner to make it or to change ALLOWED_ROOTS`,
    details: { root: given },
    cause,
  });

/**
 * The folders of ALLOWED_ROOTS as absolute paths; without any, the working directory. The whole
 * disk is allowed only to an owner who says so: some clients start servers in "/".
 */
export function rootFolders(allowed: readonly string[] | undefined, cwd: string): string[] {
  if (allowed) return [...new Set(allowed.map((folder) => resolve(cwd, folder)))];
  if (cwd !== parse(cwd).root) return [cwd];
  throw refuse("no_root", {
    because:
      "ALLOWED_ROOTS is not set, and the server was started in the top folder of the disk. Set ALLOWED_ROOTS to the folders it may use",
    details: { variable: "ALLOWED_ROOTS" },
  });
}
