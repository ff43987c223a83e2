import { type Module, modulesOf } from "./blueprint.ts";
import { isSame, normalForm } from "./normal-form.ts";
import { isObject } from "./open-answer.ts";
import { maskSecrets } from "./secrets.ts";

export interface FieldChange extends Record<string, unknown> {
  /** "mapper.url" */
  field: string;
  from: unknown;
  to: unknown;
}

interface Named extends Record<string, unknown> {
  id: number;
  module: string;
  /** Where it stands: "flow[1].routes[0].flow[0]". */
  place: string;
}

export interface BlueprintDiff {
  same: boolean;
  added: Named[];
  removed: Named[];
  changed: (Named & { changes: FieldChange[] })[];
  /** Moved to another place of the flow, by what stands before them or around them. */
  moved: (Named & { from: string })[];
  /** Of the blueprint itself: its name, its settings. */
  settings: FieldChange[];
}

/** Parts of a module that are modules again, and are compared as such. */
const NESTED = new Set(["routes", "onerror", "id"]);

/** What is different between two blueprints, by module id; what only the editor needs is no difference. */
export function diffBlueprints(from: unknown, to: unknown): BlueprintDiff {
  const before = byId(modulesOf(normalForm(from)));
  const after = byId(modulesOf(normalForm(to)));
  const added = [...after.values()].filter(({ id }) => !before.has(id)).map(nameOf);
  const removed = [...before.values()].filter(({ id }) => !after.has(id)).map(nameOf);
  const kept = [...after.values()].flatMap((now) => {
    const was = before.get(now.id);
    return was ? [{ was, now }] : [];
  });
  const changed = kept
    .map(({ was, now }) => ({ ...nameOf(now), changes: diffFields(own(was), own(now)) }))
    .filter(({ changes }) => changes.length > 0);
  const moved = movedOf(kept, before, after);
  const settings = diffFields(settingsOf(from), settingsOf(to));
  const same = [added, removed, changed, moved, settings].every(({ length }) => length === 0);
  return { same, added, removed, changed, moved, settings };
}

const byId = (modules: readonly Module[]) => new Map(modules.map((each) => [each.id, each]));
const nameOf = ({ id, module, place }: Module): Named => ({ id, module, place });

const own = ({ raw }: Module) =>
  Object.fromEntries(Object.entries(raw).filter(([key]) => !NESTED.has(key)));

function settingsOf(blueprint: unknown): Record<string, unknown> {
  const normal = normalForm(blueprint);
  if (!isObject(normal)) return {};
  return Object.fromEntries(Object.entries(normal).filter(([key]) => key !== "flow"));
}

/** The branch that a module stands in: its place without the last index. */
const branchOf = (place: string): string => place.replace(/\[\d+\]$/, "");

/** A module moved when it stands in another branch, or passed another one that stayed in its branch. */
function movedOf(
  kept: readonly { was: Module; now: Module }[],
  before: ReadonlyMap<number, Module>,
  after: ReadonlyMap<number, Module>,
): BlueprintDiff["moved"] {
  const stayed = kept.filter(({ was, now }) => branchKey(was, before) === branchKey(now, after));
  const inOrder = longestInOrder(stayed, before);
  return kept
    .filter((pair) => !inOrder.has(pair.now.id))
    .map(({ was, now }) => ({ ...nameOf(now), from: was.place }));
}

/** A branch by the ids of the modules around it, so that what is put before a router moves nothing in it. */
function branchKey({ place }: Module, all: ReadonlyMap<number, Module>): string {
  const branch = branchOf(place);
  const owner = [...all.values()].filter((each) => branch.startsWith(`${each.place}.`)).at(-1);
  return owner ? `${owner.id}${branch.slice(owner.place.length)}` : branch;
}

/** Ids of the modules that keep their order within each branch: as many as can. */
function longestInOrder(
  stayed: readonly { was: Module; now: Module }[],
  before: ReadonlyMap<number, Module>,
): Set<number> {
  const branches = groupBy(stayed, ({ was }) => branchKey(was, before));
  const kept = new Set<number>();
  for (const pairs of branches.values()) {
    const positions = pairs.map(({ was }) => indexIn(was.place));
    for (const index of longestIncreasing(positions)) kept.add(pairs[index]?.now.id ?? 0);
  }
  return kept;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const indexIn = (place: string): number => Number(/\[(\d+)\]$/.exec(place)?.[1] ?? 0);

/** Indexes of a longest increasing run of values; modules of one branch are few. */
function longestIncreasing(values: readonly number[]): number[] {
  const best: number[][] = [];
  for (const [index, value] of values.entries()) {
    const before = best.filter((run) => (values[run.at(-1) ?? 0] ?? 0) < value);
    const longest = before.reduce<number[]>((a, b) => (b.length > a.length ? b : a), []);
    best.push([...longest, index]);
  }
  return best.reduce((a, b) => (b.length > a.length ? b : a), []);
}

/** The fields in which two values differ, down to the first that is no object on both sides. */
export function diffFields(from: unknown, to: unknown, field = ""): FieldChange[] {
  if (isSame(from, to)) return [];
  if (!isObject(from) || !isObject(to)) return [{ field, from: from ?? null, to: to ?? null }];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys.flatMap((key) =>
    diffFields(from[key], to[key], field === "" ? key : `${field}.${key}`),
  );
}

/** The same difference with secrets masked: a secret that changed still shows as changed. */
export function maskDiff(diff: BlueprintDiff): BlueprintDiff {
  const masked = (changes: readonly FieldChange[]) =>
    changes.map(({ field, from, to }) => {
      const name = field.slice(field.lastIndexOf(".") + 1);
      return { field, from: maskSecrets(from, name), to: maskSecrets(to, name) };
    });
  return {
    ...diff,
    changed: diff.changed.map((each) => ({ ...each, changes: masked(each.changes) })),
    settings: masked(diff.settings),
  };
}
