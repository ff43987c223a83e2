import { existsSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";

/** What npm, pnpm and vitest tell their children, and what would lead those back to this repository. */
const leaks =
  /^(npm_(package|lifecycle)_|npm_(command|execpath|node_execpath|config_user_agent|config_local_prefix)$|pnpm_|init_cwd$|node_path$|node_options$|vitest)/i;

/**
 * The environment of somebody who has just opened a shell in the folder: the registry and cache of
 * the machine stay, the tools of this repository do not.
 */
export function freshEnvironment(root: string, from = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(from).filter(([name]) => !leaks.test(name));
  const environment = Object.fromEntries(kept);
  const name = Object.keys(environment).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const isOurs = (folder: string) =>
    folder === root ||
    folder.startsWith(root + sep) ||
    folder.endsWith(join("node_modules", ".bin"));
  const folders = (environment[name] ?? "").split(delimiter).filter((folder) => !isOurs(folder));
  return { ...environment, [name]: folders.join(delimiter) };
}

/** As good as empty: what an operating system needs to start a process at all. */
export function emptyEnvironment(from = process.env): NodeJS.ProcessEnv {
  const names = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"];
  const kept = names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]));
  return Object.fromEntries(kept);
}

/** Throws when something above the folder would help a server that must stand alone. */
export function assertAlone(folder: string): void {
  for (let above = dirname(folder); ; above = dirname(above)) {
    for (const name of ["node_modules", "pnpm-workspace.yaml"]) {
      if (!existsSync(join(above, name))) continue;
      throw new Error(`${join(above, name)} would help what is under it: set TMPDIR elsewhere`);
    }
    if (above === dirname(above)) return;
  }
}
