import type { MakeCall } from "#shared/make-api/call.ts";
import {
  listScenarios,
  listTeams,
  readBlueprints,
  type WithBlueprint,
} from "#shared/make-api/scan.ts";
import type { Connection } from "./access-connections.ts";
import type { TeamRole } from "./access-users.ts";

/** Lists that several reviews read: each team's, put together. */

/** Of every scenario of the organisation. */
export async function readAllBlueprints(
  make: MakeCall,
  organizationId: number,
  maxCalls: number | undefined,
): Promise<WithBlueprint[]> {
  return await readBlueprints(make, await listScenarios(make, { organizationId }), maxCalls);
}

export async function readTeamRoles(make: MakeCall, organizationId: number): Promise<TeamRole[]> {
  const teams = await listTeams(make, { organizationId });
  const found: TeamRole[] = [];
  for (const { id: teamId } of teams) {
    const roles = await make.get("GET /teams/{teamId}/user-team-roles", { path: { teamId } });
    found.push(...roles.map((role) => ({ ...role, teamId })));
  }
  return found;
}

/** With their scopes, which only the answer for one connection has. */
export async function readConnections(make: MakeCall, teamIds: readonly number[]) {
  const found: Connection[] = [];
  for (const teamId of teamIds) {
    const rows = await make.all("GET /connections", { query: { teamId } });
    for (const { id } of rows)
      found.push({
        teamId,
        ...(await make.get("GET /connections/{connectionId}", { path: { connectionId: id } })),
      });
  }
  return found;
}

export type Agent = Awaited<ReturnType<typeof readAgents>>[number];

/** The agents of teams; their endpoint is in beta and its scope in no document. */
export async function readAgents(make: MakeCall, teamIds: readonly number[]) {
  const found = [];
  for (const teamId of teamIds)
    found.push(...(await make.all("GET /ai-agents/v1/agents", { query: { teamId } })));
  return found;
}

/** Connections that agents and the teams' models use, by id: scenarios are not the only users. */
export async function otherUsesOf(make: MakeCall, teamIds: readonly number[]) {
  const uses = new Map<number, string[]>();
  const add = (id: number | null | undefined, by: string) => {
    if (id != null) uses.set(id, [...(uses.get(id) ?? []), by]);
  };
  const agents = await make.optional("agents", () => readAgents(make, teamIds));
  for (const agent of agents ?? []) {
    add(agent.makeConnectionId, `agent ${agent.name}`);
    for (const { mcpConnectionId } of agent.mcpConfigs ?? [])
      add(mcpConnectionId, `agent ${agent.name}`);
  }
  await make.optional("models of teams", async () => {
    for (const teamId of teamIds) {
      const models = await make.get("GET /teams/{teamId}/llm-configuration", { path: { teamId } });
      add(models.aiMappingAccountId, `AI mapping of team ${teamId}`);
      add(models.aiToolkitAccountId, `AI toolkit of team ${teamId}`);
    }
  });
  return uses;
}
