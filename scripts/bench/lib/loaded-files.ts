import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inTempFolder } from "../../lib/temp-folder.ts";
import { isRecord } from "../../lib/unknown.ts";
import { listing, opened, opening } from "./messages.ts";
import { ownFile } from "./peer.ts";
import { cleanEnvironment, openStdio, type StdioCommand } from "./stdio-session.ts";

/**
 * How many files of code a server has loaded when it answers tools/list. V8 itself tells, by the
 * coverage that it takes in that moment: no loader hook that could change what is loaded, and the
 * same for `import` and `require` on every Node.
 */
export async function countLoadedFiles(command: StdioCommand): Promise<number> {
  return inTempFolder(async (folder) => {
    const env = { ...(command.env ?? cleanEnvironment()), NODE_V8_COVERAGE: folder };
    const args = ["--import", probe, ...command.args];
    const session = openStdio({ ...command, args, env });
    try {
      await session.ask(opening("2025"));
      await session.ask(listing("2025"), `${opened("2025")}\n`);
    } finally {
      await session.end();
    }
    const [name] = (await readdir(folder)).sort((a, b) => turnOf(a) - turnOf(b));
    if (!name) throw new Error("V8 wrote no coverage");
    return filesIn(JSON.parse(await readFile(join(folder, name), "utf8")));
  });
}

const probe = pathToFileURL(ownFile("coverage-at-list.mjs")).href;

/** Reports are numbered from 0 in the order in which they are written: `coverage-<pid>-<time>-0.json`. */
const turnOf = (name: string) => Number(/-(\d+)\.json$/.exec(name)?.[1]);

/** The files in one of Node's coverage reports. */
export function filesIn(coverage: unknown): number {
  const scripts = isRecord(coverage) && Array.isArray(coverage.result) ? coverage.result : [];
  const urls = scripts.filter(isRecord).map(({ url }) => String(url));
  return new Set(urls.filter((url) => url.startsWith("file:") && url !== probe)).size;
}
