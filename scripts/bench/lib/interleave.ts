import { messageOf } from "../../lib/unknown.ts";
import { type Skipped, say } from "./report.ts";

export interface Rounds<S> {
  /** For each name its samples, of which there may be fewer than rounds when time ran out. */
  samples: Map<string, S[]>;
  skipped: Skipped[];
  /** The rounds that were done by all. */
  rounds: number;
}

interface Options {
  rounds: number;
  /** No round starts after this many seconds, but the first. */
  maxSeconds: number;
  /** Takes a line of progress. */
  tell?(line: string): void;
}

/**
 * Measures all of them in turn, round by round, each round beginning with the next of them, so that
 * what the machine does meanwhile meets all alike. One that fails is left out from then on.
 */
export async function interleave<T extends { name: string }, S>(
  subjects: readonly T[],
  { rounds, maxSeconds, tell = say }: Options,
  measure: (subject: T) => Promise<S>,
): Promise<Rounds<S>> {
  const started = performance.now();
  const result: Rounds<S> = { samples: new Map(), skipped: [], rounds: 0 };
  const left = new Set(subjects);
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0 && performance.now() - started > maxSeconds * 1000) break;
    for (const subject of rotate([...left], round)) {
      try {
        const sample = await measure(subject);
        result.samples.set(subject.name, [...(result.samples.get(subject.name) ?? []), sample]);
      } catch (error) {
        left.delete(subject);
        result.samples.delete(subject.name);
        const reason = messageOf(error).split("\n", 1)[0] ?? "";
        result.skipped.push({ name: subject.name, reason });
        tell(`skipped ${subject.name}: ${reason}`);
      }
    }
    result.rounds = round + 1;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    tell(`round   ${round + 1}/${rounds}  ${seconds} s`);
  }
  return result;
}

function rotate<T>(items: T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
