import type { MakeCall } from "#shared/make-api/call.ts";
import type { Row } from "#shared/make-api/endpoints.ts";
import { listTeams } from "#shared/make-api/scan.ts";

type User = Row<"GET /users">;

const TFA_WORDS: Readonly<Record<number, string>> = { 0: "none", 1: "app", 2: "external" };

interface Roles {
  /** By user. */
  organization: ReadonlyMap<number, { roleId: number | null; invitation: unknown }>;
  teams: ReadonlyMap<number, { teamId: number; team: string; roleId: number | null }[]>;
  /** Names by role. */
  names: ReadonlyMap<number, string>;
}

/** Everyone's roles in the organisation and its teams: some calls for all, one for each team. */
export async function readRoles(
  make: MakeCall,
  organizationId: number,
  teamId: number | undefined,
): Promise<Roles> {
  const roles = await make.optional("names of roles", () =>
    make.all("GET /users/roles", { query: { organizationId } }),
  );
  const inOrganization = await make.optional("roles in the organisation", () =>
    make.all("GET /organizations/{organizationId}/user-organization-roles", {
      path: { organizationId },
    }),
  );
  const inTeams = await make.optional("roles in teams", () =>
    readTeamRoles(make, organizationId, teamId),
  );
  return {
    organization: new Map(
      inOrganization?.map(({ userId, usersRoleId, invitation }) => [
        userId,
        { roleId: usersRoleId ?? null, invitation: invitation ?? null },
      ]),
    ),
    teams: inTeams ?? new Map(),
    names: new Map(roles?.map(({ id, name }) => [id, name])),
  };
}

async function readTeamRoles(make: MakeCall, organizationId: number, teamId: number | undefined) {
  const found = new Map<number, { teamId: number; team: string; roleId: number | null }[]>();
  for (const team of await listTeams(make, { organizationId, teamId })) {
    const path = { teamId: team.id };
    for (const role of await make.all("GET /teams/{teamId}/user-team-roles", { path })) {
      const entry = { teamId: team.id, team: team.name, roleId: role.usersRoleId ?? null };
      found.set(role.userId, [...(found.get(role.userId) ?? []), entry]);
    }
  }
  return found;
}

const nameOf = ({ names }: Roles, roleId: number | null): string | null =>
  roleId === null ? null : (names.get(roleId) ?? String(roleId));

export function showUser(user: User, roles: Roles) {
  const own = roles.organization.get(user.id);
  return {
    id: user.id,
    name: user.name ?? null,
    email: user.email ?? null,
    lastLogin: user.lastLogin ?? null,
    twoFactor:
      user.tfaStatus == null ? null : (TFA_WORDS[user.tfaStatus] ?? String(user.tfaStatus)),
    organizationRole: nameOf(roles, own?.roleId ?? null),
    invitation: own?.invitation ?? null,
    teams: (roles.teams.get(user.id) ?? []).map(({ teamId, team, roleId }) => ({
      teamId,
      team,
      role: nameOf(roles, roleId),
    })),
  };
}
