import { refuse } from "./refuse.ts";

/** Bytes of a path: what Linux takes, and more than any other system does. */
export const MAX_PATH_BYTES = 4_096;

/** Control characters of ASCII and Latin-1; a line separator could forge a line of a log. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

const LONE_SURROGATE = /\p{Cs}/u;

/** Names that open a device in any folder of Windows, whatever comes after a dot, colon or space. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=$|[\s.:])/i;
/** `\\?\`, `\\.\`, `\\host\share` and the same with slashes: paths that Windows takes past its own rules. */
const NAMESPACE = /^(\\\\|[\\/]{2}[?.][\\/])/;
const DRIVE_RELATIVE = /^[a-z]:(?![\\/])/i;

/**
 * Refuses a path that no system should get to see. The path is never trimmed, unquoted or expanded:
 * the name that is checked is the name that is used.
 */
export function checkPath(path: string): void {
  const fault = pathFault(path);
  if (fault !== undefined) throw refuse("invalid_path", { path, because: fault });
}

function pathFault(path: string): string | undefined {
  if (path === "") return 'The path is empty; "." is the first allowed folder';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES)
    return `The path has more than ${MAX_PATH_BYTES} bytes`;
  if (LONE_SURROGATE.test(path)) return "The path has half a character in it (a lone surrogate)";
  if (CONTROL.test(path)) return "The path has control characters";
  if (NAMESPACE.test(path)) return "Device and network paths are not accepted";
  if (DRIVE_RELATIVE.test(path)) return "A path relative to a drive is not accepted";
  return undefined;
}

/** What a name has when its bytes are no UTF-8; such a name cannot be looked up as text. */
export const UNDECODED = "\ufffd";

/** Most names: nothing in them needs a second look but whether Windows has a device of that name. */
const PLAIN = /^[\w.-]+$/;

/** Whether a name, found or given, is one that this server opens, on every system alike. */
export function isUsableName(name: string): boolean {
  if (PLAIN.test(name)) return !DEVICE.test(name);
  return !LONE_SURROGATE.test(name) && !CONTROL.test(name) && nameFault(name) === undefined;
}

/** Refuses a part of a path. `path` is what the caller wrote. */
export function checkName(name: string, path: string): void {
  const fault = nameFault(name);
  if (fault !== undefined) throw refuse("invalid_path", { path, because: fault });
}

function nameFault(name: string): string | undefined {
  if (name.includes(":"))
    return "A name with a colon is not accepted (streams and drives of Windows)";
  // a backslash divides names on Windows and is part of one elsewhere: each piece is looked at
  if (name.split("\\").some((piece) => DEVICE.test(piece)))
    return "The name of a Windows device is not accepted";
  return undefined;
}

/** Whether a path says, by its end, that it means a folder: `a/`, `a/.`. */
const NAMES_FOLDER = process.platform === "win32" ? /[\\/]\.?$/ : /\/\.?$/;

/** Refuses a path that ends like that of a folder, where a file is meant: no system takes it either. */
export function refuseFolderPath(path: string): void {
  if (NAMES_FOLDER.test(path))
    throw refuse("not_a_directory", {
      path,
      because: "A path of a file does not end with a slash",
    });
}

const UNPRINTABLE = new RegExp(`${CONTROL.source}|${LONE_SURROGATE.source}`, "gu");

/** A name found on disk, with what would change a line or a terminal written out: `\u001b`. */
export const printableName = (name: string): string =>
  PLAIN.test(name)
    ? name
    : name.replaceAll(
        UNPRINTABLE,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
