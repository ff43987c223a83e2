import { pathToFileURL } from "node:url";
import { FRESH, freshenImports } from "./fresh-hook.ts";
import { stampOf } from "./stamp.ts";

interface Import {
  /** Changes when the files do. */
  stamp: string;
  url: string;
  /** How often it was wanted again since it failed. */
  tries: number;
  failure?: { error: unknown };
}

const imports = new Map<string, Import>();
let freshImports = 0;

/**
 * Imports a built server. Node keeps what came of a URL, failures too, for as long as the process
 * runs, and so for every file that the first one imports. So files that changed are imported under
 * URLs that are new all the way down. After a failure without a change, whose cause must lie
 * elsewhere, that is done at the 1st, 2nd, 4th, 8th ... next try: old modules are never freed.
 */
export async function importFresh(file: string): Promise<unknown> {
  const stamp = stampOf(file);
  const last = imports.get(file);
  const same = last?.stamp === stamp;
  if (last?.failure && same) {
    last.tries++;
    if (!isPowerOfTwo(last.tries)) throw last.failure.error;
  }
  const url = last && same && !last.failure ? last.url : urlOf(file, last !== undefined);
  const current: Import = { stamp, url, tries: last && same ? last.tries : 0 };
  imports.set(file, current);
  try {
    return await import(url);
  } catch (error) {
    current.failure = { error };
    throw error;
  }
}

const isPowerOfTwo = (count: number) => (count & (count - 1)) === 0;

function urlOf(file: string, again: boolean): string {
  const { href } = pathToFileURL(file);
  if (!again) return href;
  freshenImports();
  return `${href}?${FRESH}=${++freshImports}`;
}
