import extra from "./extra.json" with { type: "json" };
import fixtures from "./world.json" with { type: "json" };

export type Thing = Record<string, unknown> & { id: number };

export interface Fixed {
  path: string;
  query: Record<string, string>;
  body: unknown;
}

/** The organisation: what changes by calls, and what is only read. */
export interface World {
  fixed: Fixed[];
  /** By kind: scenarios, folders, connections, hooks, keys. */
  things: Record<Kind, Thing[]>;
  /** By "organizations/101" and "teams/201". */
  variables: Record<string, Record<string, unknown>[]>;
  /** Answers of GET /scenarios/{id}/blueprint, by scenario. */
  blueprints: Record<string, Record<string, unknown>>;
  /** Older versions, by "scenario/version". */
  versions: Record<string, Record<string, unknown>>;
  /** By scenario, newest first. */
  logs: Record<string, Record<string, unknown>[]>;
  /** Sources of custom apps, by path. */
  sources: Record<string, string>;
  nextId: number;
}

/** Where each kind of thing stands in the answers. */
const KINDS = {
  scenarios: { path: "/scenarios", envelope: "scenarios" },
  folders: { path: "/scenarios-folders", envelope: "scenariosFolders" },
  connections: { path: "/connections", envelope: "connections" },
  hooks: { path: "/hooks", envelope: "hooks" },
  keys: { path: "/keys", envelope: "keys" },
} as const;

export type Kind = keyof typeof KINDS;

interface Route {
  path: string;
  query?: Record<string, string>;
  body: unknown;
}

/** A world of its own, as it was recorded on 2026-11-20. */
export function createWorld(): World {
  const { logs, routes } = structuredClone(fixtures) as unknown as {
    routes: Fixed[];
    logs: World["logs"];
  };
  const {
    routes: more,
    versions,
    sources,
  } = structuredClone(extra) as unknown as {
    routes: Route[];
    versions: World["versions"];
    sources: World["sources"];
  };
  const things = Object.fromEntries(
    Object.entries(KINDS).map(([kind, { path, envelope }]) => [
      kind,
      takeOut(routes, path, envelope),
    ]),
  ) as World["things"];
  const fixed = routes.filter((route) => !isLive(route.path));
  return {
    fixed: [...more.map((route) => ({ query: {}, ...route })), ...fixed],
    things,
    variables: {
      "organizations/101": listIn(routes, "/organizations/101/variables", "organizationVariables"),
      "teams/201": listIn(routes, "/teams/201/variables", "teamVariables"),
      "teams/202": [],
    },
    blueprints: blueprintsIn(routes),
    versions,
    logs,
    sources,
    nextId: 9001,
  };
}

const isLive = (path: string): boolean =>
  Object.values(KINDS).some((kind) => kind.path === path) ||
  /^\/(scenarios|connections|hooks|keys)\/\d+(\/blueprint)?$/.test(path) ||
  path.endsWith("/variables");

/** The things of one kind from every team's list, each with its team and with what only its own answer says. */
function takeOut(routes: readonly Fixed[], path: string, envelope: string): Thing[] {
  const found = new Map<number, Thing>();
  for (const route of routes.filter((each) => each.path === path)) {
    const teamId = Number(route.query.teamId) || undefined;
    for (const thing of (route.body as Record<string, Thing[]>)[envelope] ?? [])
      found.set(thing.id, { ...(teamId && { teamId }), ...found.get(thing.id), ...thing });
  }
  const one = new RegExp(`^${path}/(\\d+)$`);
  for (const route of routes.filter((each) => one.test(each.path))) {
    const [thing] = Object.values(route.body as Record<string, Thing>);
    if (thing) found.set(thing.id, { ...found.get(thing.id), ...thing });
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

function listIn(routes: readonly Fixed[], path: string, envelope: string) {
  const body = routes.find((route) => route.path === path)?.body as
    | Record<string, Record<string, unknown>[]>
    | undefined;
  return body?.[envelope] ?? [];
}

function blueprintsIn(routes: readonly Fixed[]): World["blueprints"] {
  const found = routes.flatMap(({ path, body }) => {
    const id = /^\/scenarios\/(\d+)\/blueprint$/.exec(path)?.[1];
    return id ? [[id, (body as { response: Record<string, unknown> }).response] as const] : [];
  });
  return Object.fromEntries(found);
}
