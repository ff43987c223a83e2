import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { shippedFiles } from "../git-files.ts";
import { inTempFolder } from "../temp-folder.ts";

/**
 * A copy of what git ships of a server, with these files in it, to work in: nothing that is deployed
 * depends on what else lies around, and nothing that is deployed changes the repository.
 */
export async function inStage<T>(
  folder: string,
  files: Readonly<Record<string, string>>,
  withBuild: boolean,
  work: (stage: string) => Promise<T>,
): Promise<T> {
  return inTempFolder(async (stage) => {
    for (const path of shippedFiles(folder)) copy(join(folder, path), join(stage, path));
    if (withBuild && existsSync(join(folder, "dist"))) {
      cpSync(join(folder, "dist"), join(stage, "dist"), { recursive: true });
    }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(stage, path)), { recursive: true });
      writeFileSync(join(stage, path), text);
    }
    return await work(stage);
  });
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { verbatimSymlinks: true });
}
