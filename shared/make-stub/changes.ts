import { invalid, notFound } from "./denial.ts";
import { one } from "./lists.ts";
import type { Asked, Handlers } from "./routes.ts";
import type { Kind, Thing } from "./world.ts";

type Body = Record<string, unknown>;

const bodyOf = ({ body }: Asked): Body => {
  if (typeof body !== "object" || body === null)
    throw invalid("body", "A JSON object is required.");
  return body as Body;
};

/** Blueprint and scheduling travel as JSON in a string. */
function parsed(body: Body, name: string): unknown {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw invalid(name, "Value must be a string.");
  try {
    return JSON.parse(value);
  } catch {
    throw invalid(name, "Value must be JSON.");
  }
}

const remove = (asked: Asked, kind: Kind, id: string): Thing => {
  const thing = one(asked, kind, id);
  asked.world.things[kind] = asked.world.things[kind].filter((each) => each !== thing);
  return thing;
};

function createScenario(asked: Asked) {
  const { world, query } = asked;
  const body = bodyOf(asked);
  const blueprint = parsed(body, "blueprint") as Body | undefined;
  if (!blueprint) throw invalid("blueprint", "Value is required.");
  const scheduling = parsed(body, "scheduling") ?? { type: "on-demand" };
  if (JSON.stringify(blueprint).includes("first-use-app") && query.get("confirmed") !== "true")
    throw confirmFirst();
  const scenario = addScenario(asked, {
    name: String(blueprint.name ?? "New scenario"),
    teamId: Number(body.teamId),
    folderId: body.folderId ?? null,
    scheduling,
  });
  world.blueprints[String(scenario.id)] = {
    blueprint,
    scheduling,
    concept: false,
    metadata: body.metadata,
  };
  return { body: { scenario } };
}

const confirmFirst = () => {
  const denial = {
    status: 406,
    code: "IM004",
    message: "The app is used for the first time. Confirm its installation.",
  };
  return Object.assign(invalid("confirmed", denial.message), { denial });
};

function addScenario({ world }: Asked, fields: Body): Thing {
  const scenario: Thing = {
    id: world.nextId++,
    isActive: false,
    islinked: false,
    isinvalid: false,
    isPaused: false,
    usedPackages: [],
    lastEdit: "2026-11-20T00:00:00.000Z",
    created: "2026-11-20T00:00:00.000Z",
    ...fields,
  };
  world.things.scenarios.push(scenario);
  return scenario;
}

function cloneScenario(asked: Asked) {
  const from = one(asked, "scenarios", "scenarioId");
  if (asked.query.get("organizationId") === null)
    throw invalid("organizationId", "It is required.");
  const { name, teamId } = bodyOf(asked);
  const copy = addScenario(asked, {
    ...from,
    id: asked.world.nextId,
    name,
    teamId,
    isActive: false,
  });
  asked.world.nextId += 1;
  asked.world.blueprints[String(copy.id)] = structuredClone(
    asked.world.blueprints[String(from.id)] ?? {},
  );
  return { body: { scenario: copy } };
}

/** Name, folder, blueprint, scheduling and interface can be set; isActive cannot. */
function patchScenario(asked: Asked) {
  const { world } = asked;
  const scenario = one(asked, "scenarios", "scenarioId");
  const body = bodyOf(asked);
  const unknown = Object.keys(body).find(
    (name) => !["name", "folderId", "blueprint", "scheduling", "metadata"].includes(name),
  );
  if (unknown) throw invalid(unknown, "Unknown property.");
  const blueprint = parsed(body, "blueprint");
  const scheduling = parsed(body, "scheduling");
  const { name, folderId } = body;
  Object.assign(
    scenario,
    name !== undefined && { name },
    folderId !== undefined && { folderId },
    scheduling !== undefined && { scheduling },
    { lastEdit: "2026-11-20T00:00:01.000Z" },
  );
  const answer = world.blueprints[String(scenario.id)];
  if (answer && blueprint !== undefined) answer.blueprint = blueprint;
  if (answer && scheduling !== undefined) answer.scheduling = scheduling;
  if (answer && body.metadata !== undefined) answer.metadata = body.metadata;
  return { body: { scenario } };
}

const setActive = (isActive: boolean) => (asked: Asked) => {
  const scenario = one(asked, "scenarios", "scenarioId");
  Object.assign(scenario, { isActive, islinked: isActive });
  return { body: { scenario: { id: scenario.id, isActive, islinked: isActive } } };
};

const patch = (kind: Kind, envelope: string) => (asked: Asked) => {
  const thing = Object.assign(one(asked, kind, "id"), bodyOf(asked));
  return { body: { [envelope]: thing } };
};

function createVariable(envelope: string, kind: string) {
  return (asked: Asked) => {
    const { name, typeId, value } = bodyOf(asked);
    const list = asked.world.variables[`${kind}/${asked.at.id}`];
    if (!list) throw notFound();
    if (list.some((each) => each.name === name)) throw invalid("name", "It exists.");
    const variable = { name, typeId, value, isSystem: false };
    list.push(variable);
    return { body: { [envelope]: variable } };
  };
}

function variableOf({ world, at }: Asked, kind: string): Record<string, unknown> {
  const found = world.variables[`${kind}/${at.id}`]?.find(({ name }) => name === at.name);
  if (!found) throw notFound();
  return found;
}

const variableChanges = (kind: string, envelope: string): Handlers => ({
  [`POST /${kind}/{id}/variables`]: createVariable(envelope, kind),
  [`PATCH /${kind}/{id}/variables/{name}`]: (asked) => {
    const { typeId, value } = bodyOf(asked);
    return { body: { [envelope]: Object.assign(variableOf(asked, kind), { typeId, value }) } };
  },
  [`DELETE /${kind}/{id}/variables/{name}`]: (asked) => {
    const gone = variableOf(asked, kind);
    const place = `${kind}/${asked.at.id}`;
    asked.world.variables[place] =
      asked.world.variables[place]?.filter((each) => each !== gone) ?? [];
    return { body: { ok: true } };
  },
});

/** An answer that repeats what was sent: for what the world does not keep. */
const echo =
  (envelope: string | null, more: Body = {}) =>
  (asked: Asked) => {
    const sent = typeof asked.body === "object" && asked.body !== null ? asked.body : {};
    const thing = { ...sent, ...more };
    return { body: envelope === null ? thing : { [envelope]: thing } };
  };

function setSource({ world, path, body }: Asked) {
  const key = path.slice("/sdk/apps/".length);
  world.sources[key] = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  return { body: { change: { id: 77, group: key.split("/")[0], code: key.split("/").at(-1) } } };
}

/** What changes something. */
export const changes: Handlers = {
  "POST /scenarios": createScenario,
  "POST /scenarios/{scenarioId}/clone": cloneScenario,
  "PATCH /scenarios/{scenarioId}": patchScenario,
  "DELETE /scenarios/{scenarioId}": (asked) => ({
    body: { scenario: remove(asked, "scenarios", "scenarioId").id },
  }),
  "POST /scenarios/{scenarioId}/start": setActive(true),
  "POST /scenarios/{scenarioId}/stop": setActive(false),
  "POST /scenarios/{scenarioId}/run": (asked) => ({
    body: {
      executionId: "5a1d0e",
      ...(bodyOf(asked).responsive === true && { status: "1", outputs: { ok: true } }),
    },
  }),
  "POST /scenarios/{scenarioId}/executions/{executionId}/stop": () => ({ body: {} }),
  "POST /scenarios-folders": (asked) => {
    const { name, teamId, parentId } = bodyOf(asked);
    const folder = { id: asked.world.nextId++, name, teamId, ...(parentId ? { parentId } : {}) };
    asked.world.things.folders.push(folder);
    return { body: { scenarioFolder: folder } };
  },
  "PATCH /scenarios-folders/{id}": patch("folders", "scenarioFolder"),
  "DELETE /scenarios-folders/{id}": (asked) => ({
    body: { scenarioFolder: remove(asked, "folders", "id").id },
  }),
  "PATCH /connections/{id}": patch("connections", "connection"),
  "DELETE /connections/{id}": (asked) => ({
    body: { connection: remove(asked, "connections", "id").id },
  }),
  "POST /connections/{id}/test": (asked) => {
    const { expire } = one(asked, "connections", "id");
    return {
      body: { verified: expire == null || Date.parse(String(expire)) > Date.parse("2026-11-20") },
    };
  },
  "PATCH /hooks/{id}": patch("hooks", "hook"),
  "PATCH /keys/{id}": (asked) => {
    const { parameters: _, ...rest } = bodyOf(asked);
    return { body: { key: Object.assign(one(asked, "keys", "id"), rest) } };
  },
  ...variableChanges("organizations", "organizationVariable"),
  ...variableChanges("teams", "teamVariable"),
  "PATCH /teams/{id}": (asked) => {
    const route = asked.world.fixed.find(({ path }) => path === "/teams");
    const body = route?.body as { teams: Thing[] } | undefined;
    const team = body?.teams.find(({ id }) => id === Number(asked.at.id));
    if (!team) throw notFound();
    return { body: { team: Object.assign(team, bodyOf(asked)) } };
  },
  "POST /organizations/{id}/invite": (asked) => ({
    body: {
      user: { id: 306, email: bodyOf(asked).email, name: bodyOf(asked).name },
      userOrganizationRole: {
        userId: 306,
        organizationId: 101,
        usersRoleId: bodyOf(asked).usersRoleId,
      },
    },
  }),
  "POST /users/{userId}/user-team-roles/{teamId}": ({ at, body }) => {
    const { usersRoleId } = body as Body;
    const role = { usersRoleId, userId: Number(at.userId), teamId: Number(at.teamId) };
    return { body: { userTeamRole: usersRoleId === null ? null : role } };
  },
  "POST /users/{userId}/user-organization-roles/{id}": ({ at, body, query }) => {
    const { usersRoleId } = body as Body;
    if (usersRoleId === null && query.get("confirmed") !== "true") throw confirmFirst();
    return {
      body: {
        userOrganizationRole: {
          userId: Number(at.userId),
          organizationId: Number(at.id),
          usersRoleId,
        },
      },
    };
  },
  "PATCH /organizations/{id}/feature-controls": echo("featureControl"),
  "PATCH /organizations/{id}/tfa-enforcement": echo("organization"),
  "PATCH /organizations/{id}/managed-organizations/{child}": echo(null),
  "PATCH /teams/{id}/llm-configuration": echo(null),
  "PUT /users/{userId}/user-team-notifications/{teamId}/{id}": echo("userTeamNotification"),
  "POST /notifications/mark-as-read": () => ({ body: { notifications: [] } }),
  "DELETE /dlqs": (asked) => ({ body: { dlqs: bodyOf(asked).ids ?? [] } }),
  "POST /dlqs/retry": () => ({ body: {} }),
  "POST /credential-requests/requests/v2": echo(null, {
    request: { id: "0b5e7f3a-3a7f-4a55-9b1b-8d8e8f3e0001" },
    publicUri: "https://eu1.make.com/credential-request/EXAMPLE",
  }),
  "POST /functions/eval": (asked) => {
    const broken = String(bodyOf(asked).code).includes("SYNTAX");
    return {
      body: broken
        ? { success: false, error: "SyntaxError: Unexpected token" }
        : { success: true, error: null },
    };
  },
  "POST /templates": (asked) => ({ body: { template: { id: 22, ...bodyOf(asked) } } }),
  "POST /ai-agents/v1/agents": () => ({
    body: { agentId: "b7a1f0c2-0000-4000-8000-000000000002" },
  }),
  "PATCH /ai-agents/v1/agents/{id}": (asked) => ({ body: { id: asked.at.id, ...bodyOf(asked) } }),
  "POST /ai-agents/v1/agents/{id}/run": () => ({
    body: { response: "Done", executionSteps: [], tokenUsageSummary: { totalTokens: 42 } },
  }),
  "POST /rpcs/{app}/{version}/{name}": () => ({ body: { response: [{ label: "One", value: 1 }] } }),
  "POST /sdk/apps": echo("app", { version: 1, public: false }),
  "POST /sdk/apps/{app}/{version}/public": () => ({ body: { changed: true } }),
  "POST /sdk/apps/{app}/{version}/private": () => ({ body: { changed: true } }),
  "POST /sdk/apps/{app}/{version}/rpcs/{name}": () => ({ body: [{ label: "One", value: 1 }] }),
  "PUT /sdk/apps/{app}/{version}/{section}": setSource,
  "PUT /sdk/apps/{app}/{version}/{part}/{name}/{section}": setSource,
  "PUT /sdk/apps/connections/{name}/{section}": setSource,
  "PUT /sdk/apps/webhooks/{name}/{section}": setSource,
};
