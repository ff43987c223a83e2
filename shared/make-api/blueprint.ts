import { isObject } from "./open-answer.ts";

/** A module of a blueprint, wherever it stands: in the flow, in a route of a router, or as an error handler. */
export interface Module {
  id: number;
  /** "http:ActionSendData" */
  module: string;
  /** "http" */
  app: string;
  version: number | null;
  parameters: Record<string, unknown>;
  mapper: Record<string, unknown>;
  /** Where it stands: "flow[1].routes[0].flow[0]". */
  place: string;
  /** As it is in the blueprint. */
  raw: Record<string, unknown>;
  /** Whether it has a handler of its own for errors. */
  handlesErrors: boolean;
  /** It runs only when another one fails. */
  isHandler: boolean;
}

/** Routers in routers; a blueprint that is deeper is not read further. */
export const MAX_DEPTH = 50;

/** All modules of a blueprint, in the order in which they run. */
export function modulesOf(blueprint: unknown): Module[] {
  const found: Module[] = [];
  visitFlow(isObject(blueprint) ? blueprint.flow : undefined, "flow", false, 0, found);
  return found;
}

function visitFlow(
  flow: unknown,
  place: string,
  isHandler: boolean,
  depth: number,
  found: Module[],
): void {
  if (!Array.isArray(flow) || depth > MAX_DEPTH) return;
  for (const [index, raw] of flow.entries()) {
    if (!isObject(raw)) continue;
    const at = `${place}[${index}]`;
    found.push(readModule(raw, at, isHandler));
    const routes = Array.isArray(raw.routes) ? raw.routes : [];
    for (const [route, each] of routes.entries()) {
      const inner = isObject(each) ? each.flow : undefined;
      visitFlow(inner, `${at}.routes[${route}].flow`, isHandler, depth + 1, found);
    }
    visitFlow(raw.onerror, `${at}.onerror`, true, depth + 1, found);
  }
}

function readModule(raw: Record<string, unknown>, place: string, isHandler: boolean): Module {
  const module = typeof raw.module === "string" ? raw.module : "";
  return {
    id: typeof raw.id === "number" ? raw.id : 0,
    module,
    app: module.split(":")[0] ?? "",
    version: typeof raw.version === "number" ? raw.version : null,
    parameters: isObject(raw.parameters) ? raw.parameters : {},
    mapper: isObject(raw.mapper) ? raw.mapper : {},
    place,
    raw,
    handlesErrors: Array.isArray(raw.onerror) && raw.onerror.length > 0,
    isHandler,
  };
}

export interface Text {
  /** "mapper.headers[0].value" */
  place: string;
  /** What the value is called: its key, or the `name` beside a `value`. */
  name: string;
  text: string;
}

/** Every text in a value, with its place and its name. */
export function textsIn(value: unknown, place = "", name = ""): Text[] {
  if (typeof value === "string") return [{ place, name, text: value }];
  if (Array.isArray(value))
    return value.flatMap((each, index) => textsIn(each, `${place}[${index}]`, name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    // { "name": "Authorization", "value": "..." }, as headers and query strings are kept
    const own = key === "value" ? (value.name ?? value.key ?? key) : key;
    return textsIn(each, place === "" ? key : `${place}.${key}`, String(own));
  });
}

/** What a blueprint needs that lives outside of it. */
export interface Uses {
  connections: number[];
  hooks: number[];
  keys: number[];
  dataStores: number[];
  dataStructures: number[];
  scenarios: number[];
  /** "organization.ENV", "team.MAX_LEADS" */
  variables: string[];
  agents: string[];
}

/** Parameters by which modules name what they use. */
const REFERENCES: Readonly<Record<string, Exclude<keyof Uses, "variables" | "agents">>> = {
  __IMTCONN__: "connections",
  account: "connections",
  hook: "hooks",
  __IMTHOOK__: "hooks",
  __IMTKEY__: "keys",
  key: "keys",
  keychain: "keys",
  datastore: "dataStores",
  dataStoreId: "dataStores",
  datastructure: "dataStructures",
  __IMTSTRUCT__: "dataStructures",
  scenarioId: "scenarios",
  makeScenarioId: "scenarios",
};

const VARIABLE = /\b(?:var\.)?(organization|team)\.(?:`([A-Za-z0-9$_]+)`|([A-Za-z0-9$_]+))/g;
const EXPRESSION = /\{\{([\s\S]*?)\}\}/g;

/** What the modules of a blueprint use, each once, in order. */
export function usesOf(blueprint: unknown): Uses {
  const uses: Record<keyof Uses, Set<number | string>> = {
    connections: new Set(),
    hooks: new Set(),
    keys: new Set(),
    dataStores: new Set(),
    dataStructures: new Set(),
    scenarios: new Set(),
    variables: new Set(),
    agents: new Set(),
  };
  for (const { parameters, mapper } of modulesOf(blueprint)) {
    for (const value of [parameters, mapper]) {
      visitReferences(value, value === mapper, uses);
      for (const { text } of textsIn(value))
        for (const each of variablesIn(text)) uses.variables.add(each);
    }
  }
  const sorted = Object.entries(uses).map(([kind, found]) => [
    kind,
    [...found].sort((a, b) => (a < b ? -1 : 1)),
  ]);
  return Object.fromEntries(sorted) as unknown as Uses;
}

/** In a mapper `key` and `account` are the user's own words; what is called there is only known by its full name. */
const IN_MAPPERS = new Set(["datastore", "dataStoreId", "scenarioId", "makeScenarioId"]);

function visitReferences(
  value: unknown,
  isMapper: boolean,
  uses: Record<keyof Uses, Set<number | string>>,
): void {
  if (Array.isArray(value)) for (const each of value) visitReferences(each, isMapper, uses);
  if (!isObject(value)) return;
  for (const [key, each] of Object.entries(value)) {
    const kind = isMapper && !IN_MAPPERS.has(key) ? undefined : REFERENCES[key];
    const number = typeof each === "string" && /^\d+$/.test(each) ? Number(each) : each;
    if (kind && typeof number === "number" && number > 0) uses[kind].add(number);
    else if (key === "agentId" && typeof each === "string") uses.agents.add(each);
    else visitReferences(each, isMapper, uses);
  }
}

/** The custom variables that the expressions of a text name. */
export function variablesIn(text: string): string[] {
  const expressions = [...text.matchAll(EXPRESSION)].map((match) => match[1] ?? "");
  return expressions.flatMap((each) =>
    [...each.matchAll(VARIABLE)].map(([, scope, quoted, plain]) => `${scope}.${quoted ?? plain}`),
  );
}

/** The text without its `{{...}}`: what is written into the blueprint itself. */
export const literalOf = (text: string): string => text.replace(EXPRESSION, "");
