import type { MakeCall } from "#shared/make-api/call.ts";
import { listTeams, type Team } from "#shared/make-api/scan.ts";
import { type Agent, readAgents, readAllBlueprints } from "./account.ts";
import { type AiModule, aiModulesOf } from "./ai-modules.ts";

/** What the reviews of AI look at; agents that Make refuses are told as missing. */
export async function readAi(make: MakeCall, organizationId: number, maxCalls: number | undefined) {
  const teams = await listTeams(make, { organizationId });
  const agents = await make.optional("agents", () =>
    readAgents(
      make,
      teams.map(({ id }) => id),
    ),
  );
  const scenarios = await readAllBlueprints(make, organizationId, maxCalls);
  return { teams, agents: agents ?? [], scenarios };
}

type Everything = Awaited<ReturnType<typeof readAi>>;

/** Agents, modules, providers and models of each team, and how many there are. */
export async function inventoryOf(make: MakeCall, all: Everything) {
  const modules = aiModulesOf(all.scenarios).map(({ found }) => found);
  const teams = [];
  for (const team of all.teams) teams.push(await ofTeam(make, team, modules, all.agents));
  return {
    teams,
    totals: {
      agents: all.agents.length,
      modules: modules.length,
      scenarios: new Set(modules.map(({ scenarioId }) => scenarioId)).size,
    },
  };
}

async function ofTeam(
  make: MakeCall,
  { id: teamId, name }: Team,
  allModules: readonly AiModule[],
  allAgents: readonly Agent[],
) {
  const agents = allAgents.filter((agent) => agent.teamId === teamId);
  const modules = allModules.filter((each) => each.teamId === teamId);
  const settings = await make.optional(`models of team ${teamId}`, () =>
    make.get("GET /teams/{teamId}/llm-configuration", { path: { teamId } }),
  );
  const models = [
    ...agents.map(({ defaultModel }) => defaultModel),
    ...modules.map(({ model }) => model),
    settings?.aiMappingModelName,
    settings?.aiToolkitModelName,
  ].filter((model) => typeof model === "string");
  return {
    teamId,
    name,
    agents: agents.map(({ id, name, defaultModel, scenarios }) => ({
      id,
      name,
      model: defaultModel ?? null,
      scenarioIds: scenarios?.map(({ makeScenarioId }) => makeScenarioId) ?? [],
    })),
    modules,
    providers: [...new Set(modules.map(({ provider }) => provider))].sort(),
    models: [...new Set(models)].sort(),
    mcpConnections: agents.flatMap(({ mcpConfigs }) =>
      (mcpConfigs ?? []).map(({ name, mcpConnectionId, toolIds }) => ({
        name: name ?? null,
        connectionId: mcpConnectionId ?? null,
        tools: toolIds ?? null,
      })),
    ),
    llmConfiguration: settings ?? null,
  };
}
