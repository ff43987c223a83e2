import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { SharedError } from "../copy/errors.ts";

/** A file that did not exist may hold keys, so only its owner reads it. */
const NEW_FILE_MODE = 0o600;

export interface ConfigFile {
  /** Behind links: a settings file is often a link into a folder of settings. */
  path: string;
  /** Empty when there is no file yet. */
  text: string;
  exists: boolean;
}

/** Reads a client's file. Throws on one that is not UTF-8 text. */
export function readConfigFile(file: string): ConfigFile {
  if (!existsSync(file)) return { path: file, text: "", exists: false };
  const path = realpathSync(file);
  try {
    // a mark at the start of the file is part of it
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { path, text: decoder.decode(readFileSync(path)), exists: true };
  } catch {
    throw new SharedError("it is not UTF-8 text");
  }
}

/**
 * Puts the text in place in one step, after a copy of what was there was made; returns the copy's
 * path. Throws when the file is no longer as it was read.
 */
export function writeConfigFile(
  file: ConfigFile,
  text: string,
  now = new Date(),
): string | undefined {
  const { path, exists } = file;
  if (readConfigFile(path).text !== file.text)
    throw new SharedError("it was changed meanwhile: run the command again");
  mkdirSync(dirname(path), { recursive: true });
  const backup = exists ? keepCopy(path, now) : undefined;
  const mode = exists ? statSync(path).mode : NEW_FILE_MODE;
  const fresh = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(fresh, text, { mode, flag: "wx", flush: true });
    renameSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
  return backup;
}

/** "settings.json.20261121T061423Z.bak"; an older copy is never written over. */
function keepCopy(path: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  for (let count = 1; ; count++) {
    const backup = `${path}.${stamp}${count === 1 ? "" : `-${count}`}.bak`;
    if (existsSync(backup)) continue;
    copyFileSync(path, backup, constants.COPYFILE_EXCL);
    return backup;
  }
}
