import { isObject } from "./open-answer.ts";

/** What blueprints refer to by ids that another team does not have. */
export const REFERENCE_KINDS = {
  __IMTCONN__: "connection",
  account: "connection",
  __IMTHOOK__: "hook",
  hook: "hook",
  __IMTKEY__: "key",
  keychain: "key",
  datastore: "datastore",
  dataStoreId: "datastore",
  datastructure: "datastructure",
  scenarioId: "scenario",
} as const;

export type ReferenceKind = (typeof REFERENCE_KINDS)[keyof typeof REFERENCE_KINDS];

/** "connection:HubSpot prod" */
export type Reference = `${ReferenceKind}:${string}`;

const PREFIX = "ref:";

/** Names of things by kind and id: "connection 6001" is "HubSpot prod". */
export type Names = ReadonlyMap<string, string>;

export const nameKey = (kind: ReferenceKind, id: number): string => `${kind} ${id}`;

/**
 * A copy in which ids of connections, hooks and the like are references by name ("ref:connection:HubSpot
 * prod"), and the references there are. A thing without a known name keeps its id in the reference, and
 * two of the same name are told apart by it.
 */
export function toPortable(
  value: unknown,
  names: Names,
): { value: unknown; references: Reference[] } {
  const references = new Set<Reference>();
  const visit = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(visit);
    if (!isObject(each)) return each;
    return Object.fromEntries(
      Object.entries(each).map(([key, inner]) => {
        const kind = kindOf(key);
        if (kind === undefined || typeof inner !== "number" || inner <= 0)
          return [key, visit(inner)];
        const reference: Reference = `${kind}:${uniqueName(names, kind, inner)}`;
        references.add(reference);
        return [key, `${PREFIX}${reference}`];
      }),
    );
  };
  return { value: visit(value), references: [...references].sort() };
}

function kindOf(key: string): ReferenceKind | undefined {
  return Object.hasOwn(REFERENCE_KINDS, key)
    ? REFERENCE_KINDS[key as keyof typeof REFERENCE_KINDS]
    : undefined;
}

function uniqueName(names: Names, kind: ReferenceKind, id: number): string {
  const name = names.get(nameKey(kind, id));
  if (name === undefined) return String(id);
  const namesakes = [...names].filter(
    ([key, each]) => each === name && key.startsWith(`${kind} `) && key !== nameKey(kind, id),
  );
  return namesakes.length === 0 ? name : `${name}#${id}`;
}

/** The other way: ids for references; those that `ids` does not have are named and stay as they are. */
export function fromPortable(
  value: unknown,
  ids: ReadonlyMap<string, number>,
): { value: unknown; missing: string[] } {
  const missing = new Set<string>();
  const visit = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(visit);
    if (isObject(each))
      return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, visit(inner)]));
    if (typeof each !== "string" || !each.startsWith(PREFIX)) return each;
    const reference = each.slice(PREFIX.length);
    const id = ids.get(reference);
    if (id === undefined) missing.add(reference);
    return id ?? each;
  };
  return { value: visit(value), missing: [...missing].sort() };
}
