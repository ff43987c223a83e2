import { refuse } from "../sandbox/refuse.ts";
import type { EncodingName } from "./encoding.ts";
import { WINDOWS_1252_HIGH } from "./windows-1252.ts";

const LONE_SURROGATE = /\p{Cs}/u;

const MARKS: Record<EncodingName, string> = {
  "utf-8": "efbbbf",
  "utf-16le": "fffe",
  "utf-16be": "feff",
  "windows-1252": "",
};

export const markOf = (encoding: EncodingName): Buffer => Buffer.from(MARKS[encoding], "hex");

/** A text as bytes. Refuses what the encoding cannot say: nothing is replaced by question marks. */
export function encode(text: string, encoding: EncodingName, path: string): Buffer {
  if (LONE_SURROGATE.test(text))
    throw refuse("unencodable", { path, because: "The text has half a character in it" });
  if (encoding === "utf-8") return Buffer.from(text);
  if (encoding === "windows-1252") return encodeWindows(text, path);
  const little = Buffer.from(text, "utf16le");
  return encoding === "utf-16be" ? little.swap16() : little;
}

function encodeWindows(text: string, path: string): Buffer {
  const bytes = Buffer.alloc(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const isPlain = code < 0x80 || (code >= 0xa0 && code <= 0xff);
    const high = isPlain ? -1 : WINDOWS_1252_HIGH.indexOf(text.charAt(i));
    if (!isPlain && high === -1) throw notInWindows(text, i, path);
    bytes[i] = isPlain ? code : 0x80 + high;
  }
  return bytes;
}

function notInWindows(text: string, at: number, path: string) {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return refuse("unencodable", {
    path,
    because: `The file is taken for windows-1252, which has no ${JSON.stringify(character)}. Write it whole with encoding utf-8`,
  });
}
