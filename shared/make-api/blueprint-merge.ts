import { isSame } from "./normal-form.ts";
import { isObject } from "./open-answer.ts";

export interface Conflict extends Record<string, unknown> {
  /** "flow[id=2].mapper.email" */
  path: string;
  kind: "both changed" | "changed and removed" | "both added" | "order";
  base: unknown;
  live: unknown;
  edited: unknown;
}

export interface Merge {
  /** Both changes; where they conflict, what is live. */
  merged: unknown;
  conflicts: Conflict[];
}

/** Nothing is there: no value of JSON. */
const ABSENT = Symbol("absent");

/**
 * Merges two changes of one blueprint. Objects are merged by key, lists of modules by id, everything
 * else as a whole. What only one side changed is taken; what both changed differently is a conflict.
 */
export function mergeBlueprints(base: unknown, live: unknown, edited: unknown): Merge {
  const conflicts: Conflict[] = [];
  const merged = mergeValue("", base, live, edited, conflicts);
  return { merged, conflicts };
}

function mergeValue(
  path: string,
  base: unknown,
  live: unknown,
  edited: unknown,
  conflicts: Conflict[],
): unknown {
  if (equal(live, edited) || equal(base, edited)) return live;
  if (equal(base, live)) return edited;
  if (isObject(live) && isObject(edited) && isObject(base))
    return mergeObjects(path, base, live, edited, conflicts);
  if (isModules(live) && isModules(edited) && isModules(base))
    return mergeModules(path, base, live, edited, conflicts);
  conflicts.push({ path, kind: kindOf(base, live, edited), ...shown({ base, live, edited }) });
  return live;
}

function kindOf(base: unknown, live: unknown, edited: unknown): Conflict["kind"] {
  if (base === ABSENT) return "both added";
  return live === ABSENT || edited === ABSENT ? "changed and removed" : "both changed";
}

const shown = (sides: { base: unknown; live: unknown; edited: unknown }) => ({
  base: sides.base === ABSENT ? null : sides.base,
  live: sides.live === ABSENT ? null : sides.live,
  edited: sides.edited === ABSENT ? null : sides.edited,
});

const equal = (a: unknown, b: unknown): boolean =>
  a === ABSENT || b === ABSENT ? a === b : isSame(a, b);

const at = (value: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : ABSENT;

type Sides = [
  base: Record<string, unknown>,
  live: Record<string, unknown>,
  edited: Record<string, unknown>,
];

function mergeObjects(path: string, ...[base, live, edited, conflicts]: [...Sides, Conflict[]]) {
  const keys = new Set([...Object.keys(live), ...Object.keys(edited)]);
  const entries = [...keys].flatMap((key) => {
    const inner = path === "" ? key : `${path}.${key}`;
    const value = mergeValue(inner, at(base, key), at(live, key), at(edited, key), conflicts);
    return value === ABSENT ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

type Listed = Record<string, unknown> & { id: number };

/** A list of modules: objects with ids, each once. */
function isModules(value: unknown): value is Listed[] {
  if (!Array.isArray(value)) return false;
  const ids = value.map((each: unknown) => (isObject(each) ? each.id : undefined));
  return ids.every((id) => typeof id === "number") && new Set(ids).size === ids.length;
}

function mergeModules(
  path: string,
  base: readonly Listed[],
  live: readonly Listed[],
  edited: readonly Listed[],
  conflicts: Conflict[],
): Listed[] {
  const [inBase, inLive, inEdited] = [base, live, edited].map(
    (list) => new Map(list.map((each) => [each.id, each])),
  ) as [Map<number, Listed>, Map<number, Listed>, Map<number, Listed>];
  const merged = new Map<number, Listed>();
  for (const id of new Set([...inLive.keys(), ...inEdited.keys()])) {
    const sides = [inBase, inLive, inEdited].map((side) => side.get(id) ?? ABSENT);
    const value = mergeValue(`${path}[id=${id}]`, sides[0], sides[1], sides[2], conflicts);
    if (value !== ABSENT) merged.set(id, value as Listed);
  }
  const order = mergeOrder(path, [base, live, edited].map(idsOf) as Ids, conflicts);
  return order.flatMap((id) => merged.get(id) ?? []);
}

type Ids = [base: number[], live: number[], edited: number[]];

const idsOf = (list: readonly Listed[]): number[] => list.map(({ id }) => id);

/** The order of the side that changed it; what only the other has goes after what it stands after there. */
function mergeOrder(path: string, [base, live, edited]: Ids, conflicts: Conflict[]): number[] {
  const common = new Set(base.filter((id) => live.includes(id) && edited.includes(id)));
  const of = (ids: readonly number[]) => ids.filter((id) => common.has(id));
  const [was, here, there] = [of(base), of(live), of(edited)];
  const liveMoved = !isSame(was, here);
  const editedMoved = !isSame(was, there);
  if (liveMoved && editedMoved && !isSame(here, there))
    conflicts.push({ path, kind: "order", base, live, edited });
  const [first, second] = editedMoved && !liveMoved ? [edited, live] : [live, edited];
  const order = [...first];
  for (const [index, id] of second.entries()) {
    if (order.includes(id)) continue;
    const after = second.slice(0, index).findLast((each) => order.includes(each));
    order.splice(after === undefined ? 0 : order.indexOf(after) + 1, 0, id);
  }
  return order;
}
