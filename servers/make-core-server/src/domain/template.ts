import { type Module, modulesOf } from "#shared/make-api/blueprint.ts";
import { isObject } from "#shared/make-api/open-answer.ts";

/** A connection that a template asks for: of this type, for these modules. */
export interface NeededConnection extends Record<string, unknown> {
  /** "slack3", as `accountName` of a connection. */
  type: string;
  modules: { id: number; module: string }[];
}

/** What the connections of a blueprint are, by type: the modules say it, else their app stands for it. */
export function neededConnections(blueprint: unknown): NeededConnection[] {
  const needed = new Map<string, NeededConnection>();
  for (const module of modulesOf(blueprint)) {
    if (!("__IMTCONN__" in module.parameters) && accountTypeOf(module) === undefined) continue;
    const type = accountTypeOf(module) ?? module.app;
    const entry = needed.get(type) ?? { type, modules: [] };
    entry.modules.push({ id: module.id, module: module.module });
    needed.set(type, entry);
  }
  return [...needed.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

function accountTypeOf({ raw }: Module): string | undefined {
  const metadata = isObject(raw.metadata) ? raw.metadata : {};
  const parameters: unknown[] = Array.isArray(metadata.parameters) ? metadata.parameters : [];
  const types = parameters.map((each) => (isObject(each) ? String(each.type ?? "") : ""));
  return types
    .find((type) => type.startsWith("account:"))
    ?.slice("account:".length)
    .split(",")[0];
}

/** A copy with the connections of `map`, by type; the types that it lacks. */
export function connectBlueprint(blueprint: unknown, map: Readonly<Record<string, number>>) {
  const copy: unknown = structuredClone(blueprint);
  const unmapped = new Set<string>();
  for (const module of modulesOf(copy)) {
    if (!("__IMTCONN__" in module.parameters)) continue;
    const type = accountTypeOf(module) ?? module.app;
    const connection = map[type];
    if (connection === undefined) unmapped.add(type);
    else module.parameters.__IMTCONN__ = connection;
  }
  return { blueprint: copy, unmapped: [...unmapped].sort() };
}
