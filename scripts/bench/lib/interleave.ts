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
  /** Times that each is measured in a round, in turn with the others; once unless given. */
  turns?: number;
  /** No round starts after this many seconds, but the first. */
  maxSeconds: number;
  /** Takes a line of progress. */
  tell?(line: string): void;
}

/**
 * Measures all of them in turn, round by round, forwards, then backwards, then beginning with the next
 * of them, so that what the machine does meanwhile, and what the one before leaves in its caches, meets
 * all alike. One that fails is left out from then on.
 */
export async function interleave<T extends { name: string }, S>(
  subjects: readonly T[],
  { rounds, turns = 1, maxSeconds, tell = say }: Options,
  measure: (subject: T) => Promise<S>,
): Promise<Rounds<S>> {
  const started = performance.now();
  const result: Rounds<S> = { samples: new Map(), skipped: [], rounds: 0 };
  const left = new Set(subjects);
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0 && performance.now() - started > maxSeconds * 1000) break;
    for (const subject of inTurn([...left], round, turns)) {
      if (!left.has(subject)) continue;
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

const inTurn = <T>(items: readonly T[], round: number, turns: number): T[] =>
  Array.from({ length: turns }, (_, turn) => orderOf(items, round * turns + turn)).flat();

/** Of three, six turns bring every order. */
export function orderOf<T>(items: readonly T[], turn: number): T[] {
  const at = items.length === 0 ? 0 : (turn >> 1) % items.length;
  const order = [...items.slice(at), ...items.slice(0, at)];
  return turn % 2 === 0 ? order : order.reverse();
}
