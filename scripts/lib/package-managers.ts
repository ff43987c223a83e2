import { basename, dirname, join } from "node:path";

/** The package managers as commands: tests put others in their place. */
export interface PackageManagers {
  pnpm: [string, ...string[]];
  npm: [string, ...string[]];
}

/** Windows has no npm that could be started without a shell, but its script lies beside node. */
function npmCommand(name: "npm" | "npx"): [string, ...string[]] {
  if (process.platform !== "win32") return [name];
  const script = join("node_modules", "npm", "bin", `${name}-cli.js`);
  return [process.execPath, join(dirname(process.execPath), script)];
}

/** The pnpm that runs this script, or else the one that the README names: npx takes ten times as long to find it. */
function pnpmCommand(): [string, ...string[]] {
  const own = process.env.npm_execpath;
  if (!own || !basename(own).startsWith("pnpm")) return [...npmCommand("npx"), "-y", "pnpm@12"];
  return /\.[cm]?js$/.test(own) ? [process.execPath, own] : [own];
}

/** What no proof needs: advice, and asking anew for what the machine has just been told of a package. */
export const QUIET_INSTALL = ["--no-audit", "--no-fund", "--prefer-offline"] as const;

export const packageManagers: PackageManagers = {
  pnpm: pnpmCommand(),
  npm: npmCommand("npm"),
};
