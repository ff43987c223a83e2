import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../unknown.ts";

/** The script behind a tool's command, in the node_modules of the folder itself and no other. */
export function toolScript(folder: string, packageName: string, command: string): string {
  const home = join(folder, "node_modules", packageName);
  if (!existsSync(home)) {
    throw new Error(`${home} is missing: run npx -y pnpm@12 install`);
  }
  const manifest: unknown = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const bin = isRecord(manifest) && isRecord(manifest.bin) ? manifest.bin[command] : undefined;
  if (typeof bin !== "string") throw new Error(`${packageName} has no command ${command}`);
  return join(home, bin);
}
