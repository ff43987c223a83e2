import { invalid, notFound } from "./denial.ts";
import type { Asked, Handlers } from "./routes.ts";
import type { Kind, Thing } from "./world.ts";

const byName = (a: Thing, b: Thing) => (String(a.name) < String(b.name) ? -1 : 1);

/** Exactly one of two parameters: Make answers 400 to none and to both. */
function teamOrOrganization(query: URLSearchParams): (thing: Thing) => boolean {
  const [teamId, organizationId] = [query.get("teamId"), query.get("organizationId")];
  if ((teamId === null) === (organizationId === null))
    throw invalid("teamId", "Exactly one of teamId and organizationId is required.");
  if (teamId !== null) return (thing) => thing.teamId === Number(teamId);
  return () => organizationId === "101";
}

const ofTeam = (query: URLSearchParams): ((thing: Thing) => boolean) => {
  const teamId = query.get("teamId");
  if (teamId === null) throw invalid("teamId", "teamId is required.");
  return (thing) => thing.teamId === Number(teamId);
};

/** A page of things, with the `pg` that Make sends beside it. */
function pageOf(things: Thing[], query: URLSearchParams) {
  const limit = Number(query.get("pg[limit]") ?? 10_000);
  const offset = Number(query.get("pg[offset]") ?? 0);
  const pg = { sortBy: "id", limit, sortDir: "asc", offset, returnTotalCount: false };
  return { rows: things.slice(offset, offset + limit), pg };
}

export function one({ world, at }: Asked, kind: Kind, id: string | undefined): Thing {
  const found = world.things[kind].find((thing) => thing.id === Number(at[id ?? ""]));
  if (!found) throw notFound();
  return found;
}

function scenarios({ world, query }: Asked) {
  const isWanted = teamOrOrganization(query);
  const folder = query.get("folderId");
  const active = query.get("isActive");
  const wanted = world.things.scenarios.filter(
    (thing) =>
      isWanted(thing) &&
      (folder === null || thing.folderId === Number(folder)) &&
      (active === null || String(thing.isActive) === active),
  );
  const { rows, pg } = pageOf(wanted, query);
  return { body: { scenarios: rows, pg } };
}

/** The log: newest first, cursor by imtId, starts and stops among the runs. `pg.last` is missing on an empty page. */
function logs({ world, query, at }: Asked) {
  const number = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
  const status = query.get("status");
  const [from, to] = [number("from", 0), number("to", Number.MAX_SAFE_INTEGER)];
  const rows = (world.logs[at.scenarioId ?? ""] ?? []).filter((row) => {
    const time = Date.parse(String(row.timestamp));
    return time >= from && time <= to && (status === null || row.status === Number(status));
  });
  const last = query.get("pg[last]");
  const start = last === null ? 0 : rows.findIndex(({ imtId }) => imtId === last) + 1;
  const limit = Math.min(number("pg[limit]", 50), 100);
  const shown = rows.slice(start, start + limit);
  const cursor = shown.at(-1)?.imtId;
  const pg = {
    sortBy: "imtId",
    sortDir: "desc",
    limit,
    showLast: false,
    ...(cursor ? { last: cursor } : {}),
  };
  return { body: { scenarioLogs: shown, pg } };
}

function blueprint(asked: Asked) {
  const { world, at, query } = asked;
  one(asked, "scenarios", "scenarioId");
  const version = query.get("blueprintId");
  const key = `${at.scenarioId}/${version}`;
  const response =
    version !== null && key in world.versions
      ? world.versions[key]
      : world.blueprints[at.scenarioId ?? ""];
  if (!response) throw notFound();
  return { body: { code: "OK", response } };
}

const TEAM_COLUMNS = ["id", "name", "organizationId"];

/** Columns beyond the name come only when asked for, by `cols[]`. */
function teams({ world, query }: Asked) {
  if (query.get("organizationId") !== "101") throw invalid("organizationId", "It is required.");
  const route = world.fixed.find(({ path }) => path === "/teams");
  const { teams: rows, pg } = structuredClone(route?.body) as { teams: Thing[]; pg: object };
  const wanted = [...TEAM_COLUMNS, ...query.getAll("cols[]")];
  const shown = rows.map((team) =>
    Object.fromEntries(Object.entries(team).filter(([name]) => wanted.includes(name))),
  );
  return { body: { teams: shown, pg } };
}

const variables =
  (kind: "organizations" | "teams", envelope: string) =>
  ({ world, at }: Asked) => ({
    body: { [envelope]: world.variables[`${kind}/${at.id}`] ?? [] },
  });

const source = ({ world, path }: Asked) => {
  const text = world.sources[path.slice("/sdk/apps/".length)];
  if (text === undefined) throw notFound();
  return { body: text };
};

/** Exactly one of two parameters; the users of a team are those with a role in it. */
function users({ world, query }: Asked) {
  const [teamId, organizationId] = [query.get("teamId"), query.get("organizationId")];
  if ((teamId === null) === (organizationId === null))
    throw invalid("teamId", "Exactly one of teamId and organizationId is required.");
  const bodyOf = (path: string) => world.fixed.find((route) => route.path === path)?.body;
  const { users: all, pg } = bodyOf("/users") as { users: Thing[]; pg: object };
  const roles = bodyOf(`/teams/${teamId}/user-team-roles`) as
    | { userTeamRoles: { userId: number }[] }
    | undefined;
  const members = roles?.userTeamRoles.map(({ userId }) => userId) ?? [];
  const { rows } = pageOf(
    all.filter(({ id }) => teamId === null || members.includes(id)),
    query,
  );
  return { body: { users: rows, pg } };
}

/** Answers that follow what was changed. */
export const lists: Handlers = {
  "GET /users": users,
  "GET /scenarios": scenarios,
  "GET /scenarios/{scenarioId}": (asked) => ({
    body: { scenario: one(asked, "scenarios", "scenarioId") },
  }),
  "GET /scenarios/{scenarioId}/logs": logs,
  "GET /scenarios/{scenarioId}/blueprint": blueprint,
  "GET /scenarios-folders": ({ world, query }) => {
    const isWanted = ofTeam(query);
    const folders = world.things.folders.filter(isWanted);
    return { body: { scenariosFolders: folders } };
  },
  "GET /connections": ({ world, query }) => {
    const isWanted = ofTeam(query);
    const rows = world.things.connections.filter(isWanted).map(({ scopes: _, ...rest }) => rest);
    return { body: { connections: rows } };
  },
  "GET /connections/{id}": (asked) => ({ body: { connection: one(asked, "connections", "id") } }),
  "GET /hooks": ({ world, query }) => {
    const { rows, pg } = pageOf(world.things.hooks.filter(ofTeam(query)), query);
    return { body: { hooks: rows, pg } };
  },
  "GET /hooks/{id}": (asked) => ({ body: { hook: one(asked, "hooks", "id") } }),
  "GET /keys": ({ world, query }) => ({
    body: { keys: world.things.keys.filter(ofTeam(query)).sort(byName) },
  }),
  "GET /keys/{id}": (asked) => ({ body: { key: one(asked, "keys", "id") } }),
  "GET /teams": teams,
  "GET /organizations/{id}/variables": variables("organizations", "organizationVariables"),
  "GET /teams/{id}/variables": variables("teams", "teamVariables"),
  "GET /sdk/apps/{app}/{version}/{section}": (asked) => fixedList(asked) ?? source(asked),
  "GET /sdk/apps/{app}/{version}/{part}/{name}/{section}": source,
  "GET /sdk/apps/connections/{name}/{section}": source,
  "GET /sdk/apps/webhooks/{name}/{section}": source,
};

/** `modules`, `rpcs` and `functions` stand where a section of the app may stand. */
function fixedList({ world, path }: Asked) {
  const found = world.fixed.find((route) => route.path === path);
  return found && { body: found.body };
}
