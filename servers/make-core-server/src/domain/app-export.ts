import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { scan } from "#shared/make-api/scan.ts";
import { type Component, fileOf, type Place, readSection, SECTIONS } from "./app-code.ts";

export type Tree = Record<string, string>;

interface App {
  app: string;
  version: number;
  maxCalls?: number | undefined;
}

/** The lists of an app's components. */
export const COMPONENT_LISTS = [
  "GET /sdk/apps/{appName}/{appVersion}/modules",
  "GET /sdk/apps/{appName}/{appVersion}/rpcs",
  "GET /sdk/apps/{appName}/{appVersion}/functions",
  "GET /sdk/apps/{appName}/connections",
  "GET /sdk/apps/{appName}/webhooks",
] as const;

const KINDS: readonly Component[] = ["module", "rpc", "function", "connection", "webhook"];

/** The code of a whole app as files; one call a section. What holds secrets of the app is not read. */
export async function exportApp(make: MakeCall, { app, version, maxCalls }: App): Promise<Tree> {
  const path = { appName: app, appVersion: version };
  const places: { component: Component; name?: string; section: string }[] = SECTIONS.app.map(
    (section) => ({ component: "app", section }),
  );
  for (const [index, key] of COMPONENT_LISTS.entries()) {
    const component = KINDS[index] ?? "module";
    for (const each of await make.all(key, { path })) {
      const name = String(each.name ?? "");
      for (const section of SECTIONS[component]) places.push({ component, name, section });
    }
  }
  const read = async (place: (typeof places)[number]) => {
    const text = await readIfThere(make, { app, version, ...place });
    return text === undefined ? [] : [[fileOf(place), text] as const];
  };
  const files = (await scan(make, places, read, { what: "sections", maxCalls })).flat();
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Not every component has every section. */
async function readIfThere(make: MakeCall, place: Place): Promise<string | undefined> {
  try {
    return await readSection(make, place);
  } catch (error) {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

export interface TreeDiff {
  same: boolean;
  added: string[];
  removed: string[];
  changed: string[];
}

/** Which files are in `after` and not in `before`, the other way round, and in both with another text. */
export function diffTrees(before: Readonly<Tree>, after: Readonly<Tree>): TreeDiff {
  const text = (value: string | undefined) => value?.replaceAll("\r\n", "\n").trimEnd();
  const added = Object.keys(after).filter((file) => !(file in before));
  const removed = Object.keys(before).filter((file) => !(file in after));
  const changed = Object.keys(before).filter(
    (file) => file in after && text(before[file]) !== text(after[file]),
  );
  const same = added.length + removed.length + changed.length === 0;
  return { same, added: added.sort(), removed: removed.sort(), changed: changed.sort() };
}
