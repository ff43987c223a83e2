import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import * as field from "#shared/make-api/fields.ts";
import { listTeams } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { readRoles, showUser } from "../domain/user.ts";

const tool = toolsOf("permissions");

const MAX_TEAMS = 100;
const MAX_NOTE = 1_000;
const MAX_EMAIL = 254;

const userId = field.idOf("User");
const roleId = field.idOf("Role, of roles_list");

const usersList = tool({
  name: "users_list",
  title: "List users",
  description: "Users of the organisation or a team: last login, two-factor state, roles.",
  access: "read",
  sources: ["api"],
  calls: [
    "GET /users",
    "GET /users/roles",
    "GET /organizations/{organizationId}/user-organization-roles",
    "GET /teams",
    "GET /teams/{teamId}/user-team-roles",
  ],
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    name: field.name("Part of the name").optional(),
    email: field.name("Part of the e-mail address").optional(),
    tfaStatus: z
      .int()
      .min(0)
      .max(2)
      .optional()
      .describe("Two-factor: 0 none, 1 app, 2 external; only where Make tells it"),
  },
  output: { users: field.rows("Users"), total: z.int().min(0).describe("Users") },
  async run({ teamId, name, email, tfaStatus, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const scope = teamId === undefined ? { organizationId } : { teamId };
    const all = await make.all("GET /users", { query: { ...scope, name, email } });
    const has = (text: string | null | undefined, part: string | undefined) =>
      part === undefined || (text ?? "").toLowerCase().includes(part.toLowerCase());
    const wanted = all.filter(
      (user) =>
        has(user.name, name) &&
        has(user.email, email) &&
        (tfaStatus === undefined || user.tfaStatus === tfaStatus),
    );
    const roles = await readRoles(make, organizationId, teamId);
    return { users: wanted.map((user) => showUser(user, roles)), total: wanted.length };
  },
});

const rolesList = tool({
  name: "roles_list",
  title: "List roles",
  description: "Roles of organisations and teams with their permissions.",
  access: "read",
  sources: ["api"],
  calls: ["GET /users/roles", "GET /users/roles/permissions"],
  input: {
    category: z.enum(["organization", "team"]).optional().describe("Only these"),
    organizationId: field.organizationId,
  },
  output: {
    roles: field.rows("Roles"),
    permissions: z.array(z.unknown()).optional().describe("All there are"),
  },
  async run({ category, organizationId }, make) {
    const query = { category, organizationId: await make.organizationId(organizationId) };
    const roles = await make.all("GET /users/roles", { query });
    const permissions = await make.optional("permissions", () =>
      make.get("GET /users/roles/permissions"),
    );
    return {
      roles: roles.filter((role) => category === undefined || role.category === category),
      ...(permissions && { permissions }),
    };
  },
});

const teamsList = tool({
  name: "teams_list",
  title: "List teams",
  description: "Teams with their limits and what they used in the period.",
  access: "read",
  sources: ["api"],
  calls: ["GET /teams"],
  input: { organizationId: field.organizationId },
  output: { teams: field.rows("Teams"), total: z.int().min(0).describe("Teams") },
  async run({ organizationId }, make) {
    const teams = await listTeams(make, { organizationId });
    return { teams, total: teams.length };
  },
});

const usersInvite = tool({
  name: "users_invite",
  title: "Invite a user",
  description: "Invite a person to the organisation and to teams, by e-mail.",
  access: "write",
  sources: ["api"],
  calls: ["POST /organizations/{organizationId}/invite"],
  outside: true,
  input: {
    organizationId: field.organizationId,
    email: z.email().max(MAX_EMAIL).describe("Where the invitation goes"),
    name: field.name("Name of the person"),
    usersRoleId: roleId,
    teamsId: z.array(field.idOf("Team")).max(MAX_TEAMS).default([]).describe("Teams to join"),
    note: z.string().max(MAX_NOTE).optional().describe("Put into the e-mail"),
  },
  output: { invitation: field.row("User and role") },
  async run({ organizationId, ...body }, make) {
    const path = { organizationId: await make.organizationId(organizationId) };
    return {
      invitation: await make.write("POST /organizations/{organizationId}/invite", { path, body }),
    };
  },
});

const usersSetTeamRole = tool({
  name: "users_set_team_role",
  title: "Set a team role",
  description: "Give a user a role in a team, or take the user out of it (null).",
  access: "destroy",
  sources: ["api"],
  calls: ["POST /users/{userId}/user-team-roles/{teamId}"],
  idempotent: true,
  input: {
    userId,
    teamId: field.idOf("Team"),
    usersRoleId: roleId.nullable().describe("Role, of roles_list; null takes the user out"),
  },
  output: { role: z.unknown().describe("As it is now; null for none") },
  async run({ userId, teamId, usersRoleId }, make) {
    // a role can be set back; a user who is out has lost the role
    if (usersRoleId === null) make.confirmed({ wouldRemove: { userId, fromTeam: teamId } });
    const key = "POST /users/{userId}/user-team-roles/{teamId}";
    return { role: await make.write(key, { path: { userId, teamId }, body: { usersRoleId } }) };
  },
});

const usersSetOrgRole = tool({
  name: "users_set_org_role",
  title: "Set an organisation role",
  description: "Give a user another role in the organisation, or remove the user (null).",
  access: "destroy",
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}/user-organization-roles",
    "POST /users/{userId}/user-organization-roles/{organizationId}",
  ],
  idempotent: true,
  input: {
    userId,
    organizationId: field.organizationId,
    usersRoleId: roleId.nullable().describe("Role, of roles_list; null removes the user"),
    deleteConnections: z
      .boolean()
      .default(false)
      .describe("With the user, the connections that the user made"),
  },
  output: { role: field.row("As it is now") },
  async run({ userId, usersRoleId, deleteConnections, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    if (deleteConnections && usersRoleId !== null)
      throw new ToolError("VALIDATION_ERROR", "deleteConnections goes with usersRoleId null only.");
    const list = "GET /organizations/{organizationId}/user-organization-roles";
    const roles = await make.all(list, { path: { organizationId } });
    const before = roles.find((role) => role.userId === userId);
    if (!before)
      throw new ToolError("NOT_FOUND", `User ${userId} is not in organisation ${organizationId}.`);
    make.confirmed({
      userId,
      organizationId,
      from: before.usersRoleId,
      to: usersRoleId,
      deleteConnections,
    });
    const key = "POST /users/{userId}/user-organization-roles/{organizationId}";
    const body = { usersRoleId, ...(usersRoleId === null && { deleteConnections }) };
    return { role: await make.write(key, { path: { userId, organizationId }, body }) };
  },
});

export const permissions = [
  usersList,
  rolesList,
  teamsList,
  usersInvite,
  usersSetTeamRole,
  usersSetOrgRole,
];
