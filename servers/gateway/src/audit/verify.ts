import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isSignature, START } from "./chain.ts";
import { filesOf, parseLine } from "./file.ts";

export interface Verified {
  lines: number;
  /** Lines at the end that no signature covers; undefined without a key. */
  unsigned: number | undefined;
  /** What is wrong, with where. */
  faults: string[];
}

/** Faults that are told. */
const MAX_FAULTS = 20;

/**
 * Reads a log with all that was put aside of it, and says where its chain is broken: by a line that was
 * changed, taken out or moved. `from` is the number of the first line that is kept. A log whose end was
 * cut off shows only by its last signature.
 */
export async function verifyLog(
  file: string,
  key: string | undefined,
  from = 0,
): Promise<Verified> {
  const faults: string[] = [];
  const fault = (where: string, what: string) => {
    if (faults.length < MAX_FAULTS) faults.push(`${where}: ${what}`);
  };
  let seq = from;
  let prev = from === 0 ? START : undefined;
  let lines = 0;
  let unsigned = 0;
  for (const part of await filesOf(file)) {
    let number = 0;
    for await (const text of createInterface({ input: createReadStream(part) })) {
      number++;
      const where = `${part}:${number}`;
      if (text === "") continue;
      const line = parseLine(text);
      if (!line) {
        fault(where, "is no whole line of the log");
        continue;
      }
      lines++;
      unsigned++;
      if (!line.isWhole) fault(where, "was changed: its hash is another one");
      if (line.seq !== seq)
        fault(where, `has the number ${line.seq} and not ${seq}: lines were taken out or moved`);
      else if (prev !== undefined && line.prev !== prev)
        fault(where, "does not follow from the line before it");
      if (line.value.event === "checkpoint" && key !== undefined) {
        if (isSignature(key, line.seq, line.prev, String(line.value.sig))) unsigned = 0;
        else fault(where, "is signed by another key");
      }
      seq = line.seq + 1;
      prev = line.hash;
    }
  }
  return { lines, unsigned: key === undefined ? undefined : unsigned, faults };
}
