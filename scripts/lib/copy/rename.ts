import { countMarkers } from "./content.ts";
import type { SourceFile } from "./modules.ts";
import type { CarryStep, LeftoverStep, Step, WantedStep } from "./state.ts";

const similarEnough = 0.5;

type BaseOf = (blob: string) => Buffer | undefined;

/**
 * Finds, for edited copies whose source is gone, the one new file it became: the same source with
 * another target, the same blob, or the only one that is similar. Anything less sure stays as it is.
 */
export function pairRenames(steps: readonly Step[], baseOf: BaseOf): Step[] {
  const edited = steps.filter(isEditedLeftover);
  const fresh = steps.filter(isFresh);
  const pairs = edited.flatMap((from) => {
    const to = successor(from, fresh, baseOf);
    return to ? [{ from, to }] : [];
  });
  const carries = pairs
    .filter(({ to }) => pairs.filter((other) => other.to === to).length === 1)
    .map(({ from, to }): CarryStep => ({ kind: "carry", path: from.path, from, to }));
  const paired = new Set<Step>(carries.flatMap(({ from, to }) => [from, to]));
  return [...carries, ...steps.filter((step) => !paired.has(step))];
}

function isEditedLeftover(step: Step): step is LeftoverStep {
  if (step.kind !== "orphan" && step.kind !== "detached-orphan") return false;
  return step.copy.content.text && countMarkers(step.copy.content) === 0;
}

function isFresh(step: Step): step is WantedStep {
  return "file" in step && !step.entry && step.kind !== "broken-source" && step.file.content.text;
}

function successor(from: LeftoverStep, fresh: readonly WantedStep[], baseOf: BaseOf) {
  const sameSource = fresh.find(({ file }) => file.source === from.entry.source);
  if (sameSource) return sameSource;
  const sameBlob = fresh.filter(({ file }) => file.blob === from.entry.blob);
  if (sameBlob.length > 0) return onlyOne(sameBlob);
  if (fresh.length === 0) return undefined;
  const base = baseOf(from.entry.blob);
  return base && onlyOne(fresh.filter(({ file }) => similarity(base, file) >= similarEnough));
}

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

/** The share of lines, repeated ones counted, that two texts have in common; 0 to 1. */
function similarity(base: Buffer, file: SourceFile): number {
  const before = tellingLines(base);
  const after = tellingLines(file.content.body);
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of after) {
    const count = left.get(line) ?? 0;
    if (count > 0) common += 1;
    left.set(line, count - 1);
  }
  return common / Math.max(before.length, after.length, 1);
}

function tellingLines(body: Buffer): string[] {
  return body
    .toString("utf8")
    .split("\n")
    .filter((line) => /\w/.test(line));
}
