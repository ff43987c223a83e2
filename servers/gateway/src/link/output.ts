import type { Readable } from "node:stream";
import type { Log } from "#shared/core/contract.ts";
import { mask } from "#shared/core/mask.ts";
import { readLines } from "./lines.ts";
import { redact } from "./redact.ts";

/** Bytes of one line that a server prints; the rest of it is dropped. */
const MAX_PRINTED_BYTES = 8_192;
/** Characters of the last line that are told as the reason of an end. */
const MAX_TOLD = 200;

export interface Output {
  /** A reason, and what the server last said, which often tells more. */
  explain(reason: string): string;
}

/** Logs what a server prints, at the level of details, without the secrets it was given and what looks like one. */
export function tellLines(
  log: Log,
  mount: string,
  streams: readonly Readable[],
  secrets: readonly string[] = [],
): Output {
  let last = "";
  const onLine = (line: string) => {
    const text = redact(mask(line.trimEnd(), secrets));
    if (text === "") return;
    if (isTelling(text) && !isWhole(last)) last = text;
    log.debug("A server printed", { mount, text });
  };
  for (const stream of streams)
    readLines(stream, { onLine, onLong: (head) => onLine(head) }, MAX_PRINTED_BYTES);
  return {
    explain: (reason) => (last === "" ? reason : `${reason}: ${last.slice(0, MAX_TOLD)}`),
  };
}

/** What V8 says when it gives up, such as out of memory, before a native stack; npm's error, before its advice. */
const isWhole = (text: string) =>
  text.startsWith("FATAL ERROR") ||
  /^npm (?:error|ERR!) (?!code |syscall |errno |path )/.test(text);

/** Lines of a stack, and what Node says after it, tell nothing by themselves. */
const isTelling = (text: string) =>
  !/^\s*at /.test(text) && !text.startsWith("Node.js v") && !/^\s*[{}^]*\s*$/.test(text);
