import { homedir } from "node:os";
import { posix, win32 } from "node:path";

/** The folders that clients keep their files below, on the machine that is meant. */
export interface Places {
  windows: boolean;
  home: string;
  /** Of the project that the command is run in. */
  project: string;
  /** Where desktop programs keep settings: %APPDATA%, ~/Library/Application Support or ~/.config. */
  settings: string;
  env: Readonly<Record<string, string | undefined>>;
  join(...parts: string[]): string;
}

/** The places of this machine, or with `windows` those of another that runs Windows. */
export function placesFor(windows: boolean, platform = process.platform): Places {
  const project = process.env.INIT_CWD ?? process.cwd();
  if (platform === "win32" || !windows) {
    const home = homedir();
    const { join } = platform === "win32" ? win32 : posix;
    const own = { windows: platform === "win32", home, project, env: process.env, join };
    return { ...own, settings: settingsOf(platform, home, join) };
  }
  const [home, settings] = ["%USERPROFILE%", "%APPDATA%"];
  return { windows, home, project: ".", settings, env: {}, join: win32.join };
}

function settingsOf(platform: NodeJS.Platform, home: string, join: Places["join"]): string {
  if (platform === "win32") return process.env.APPDATA ?? join(home, "AppData", "Roaming");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  return process.env.XDG_CONFIG_HOME || join(home, ".config");
}
