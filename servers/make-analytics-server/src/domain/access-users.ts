import type { MakeCall } from "#shared/make-api/call.ts";
import type { Row } from "#shared/make-api/endpoints.ts";
import { daysSince } from "./period.ts";

type User = Row<"GET /users">;
type OrganizationRole = Row<"GET /organizations/{organizationId}/user-organization-roles">;
export type TeamRole = Row<"GET /teams/{teamId}/user-team-roles"> & { teamId: number };

interface Known {
  users: readonly User[];
  organizationRoles: readonly OrganizationRole[];
  teamRoles: readonly TeamRole[];
  roleNames: ReadonlyMap<number, string>;
}

interface Limits {
  /** Lower case. */
  domains: readonly string[];
  inactiveDays: number;
  maxRoles: number;
  now: Date;
}

const NO_TFA = 0;
const domainOf = (email: string | null | undefined): string =>
  (email ?? "").split("@").at(-1)?.toLowerCase() ?? "";

/** The domain that stands for the own ones where none is named. */
export async function domainOfOwner(make: MakeCall): Promise<string> {
  const { email } = await make.get("GET /users/me");
  return email?.split("@").at(-1) ?? "";
}

/** Each user with roles and findings; Make tells the 2FA state only on plans that can enforce it. */
export function reviewUsers(
  { users, organizationRoles, teamRoles, roleNames }: Known,
  limits: Limits,
) {
  return users.map((user) => {
    const own = organizationRoles.find(({ userId }) => userId === user.id);
    const inTeams = teamRoles.filter(({ userId }) => userId === user.id);
    const invitation = typeof own?.invitation === "string" ? own.invitation : null;
    const sinceLogin = daysSince(user.lastLogin, limits.now);
    const findings = [
      user.tfaStatus === NO_TFA && "no-2fa",
      sinceLogin === null && "never-logged-in",
      sinceLogin !== null && sinceLogin > limits.inactiveDays && "inactive",
      !limits.domains.includes(domainOf(user.email)) && "outside-domain",
      invitation === "expired" && "invitation-expired",
      inTeams.length === 0 && "in-no-team",
      inTeams.length + (own ? 1 : 0) > limits.maxRoles && "many-roles",
    ].filter((each) => each !== false);
    return {
      id: user.id,
      name: user.name ?? null,
      email: user.email ?? null,
      tfa: user.tfaStatus == null ? null : user.tfaStatus !== NO_TFA,
      lastLogin: user.lastLogin ?? null,
      daysSinceLogin: sinceLogin,
      organizationRole: roleNames.get(own?.usersRoleId ?? 0) ?? null,
      teams: inTeams.map(({ teamId, usersRoleId }) => ({
        teamId,
        role: roleNames.get(usersRoleId ?? 0) ?? null,
      })),
      findings,
    };
  });
}
