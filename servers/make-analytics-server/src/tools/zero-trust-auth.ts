import * as z from "zod";
import * as field from "#shared/make-api/fields.ts";
import { type MakeTool, toolsOf } from "#shared/make-api/tool.ts";
import { onlyFindings, reviewDays } from "../domain/access-input.ts";
import { neededScopes, reviewGrant, reviewToken } from "../domain/access-tokens.ts";
import { domainOfOwner, reviewUsers } from "../domain/access-users.ts";
import { readTeamRoles } from "../domain/account.ts";
import { reviewOfConnections, reviewOfExposure } from "./access-reach.ts";

const tool = toolsOf("zero-trust-auth");

const MAX_DOMAINS = 50;

const reviewOfUsers = tool({
  name: "access_review_users",
  title: "Review users",
  description:
    "Users without 2FA, without a login for n days, outside the own domains, with an expired invitation, in no team or with many roles.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /users",
    "GET /users/me",
    "GET /users/roles",
    "GET /organizations/{organizationId}/user-organization-roles",
    "GET /teams",
    "GET /teams/{teamId}/user-team-roles",
  ],
  input: {
    organizationId: field.organizationId,
    domains: z
      .array(z.string().min(1).max(253))
      .max(MAX_DOMAINS)
      .default([])
      .describe("Own e-mail domains; none: that of the token's owner"),
    inactiveDays: reviewDays("Without a login").default(90),
    maxRoles: z.int().min(1).max(1000).default(5).describe("Roles that are not many yet"),
    onlyFindings,
  },
  output: {
    domains: z.array(z.string()).describe("Taken for own"),
    users: field.rows("User, 2FA, last login, roles, findings"),
    reviewed: z.int().min(0).describe("Users"),
  },
  async run({ domains, inactiveDays, maxRoles, onlyFindings, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const path = { organizationId };
    const users = await make.all("GET /users", { query: { organizationId } });
    const own = domains.length > 0 ? domains : [await domainOfOwner(make)];
    const organizationRoles = await make.get(
      "GET /organizations/{organizationId}/user-organization-roles",
      { path },
    );
    const teamRoles = await readTeamRoles(make, organizationId);
    const roles = await make.get("GET /users/roles");
    if (users.every(({ tfaStatus }) => tfaStatus == null))
      make.missing({ part: "2FA", reason: "plan", need: "a plan with 2FA enforcement" });
    const all = reviewUsers(
      {
        users,
        organizationRoles,
        teamRoles,
        roleNames: new Map(roles.map(({ id, name }) => [id, name])),
      },
      {
        domains: own.map((each) => each.toLowerCase()),
        inactiveDays,
        maxRoles,
        now: make.context.now(),
      },
    );
    return {
      domains: own,
      users: all.filter(({ findings }) => !onlyFindings || findings.length > 0),
      reviewed: all.length,
    };
  },
});

const reviewOfTokens = (tools: () => readonly MakeTool[]) =>
  tool({
    name: "access_review_tokens",
    title: "Review tokens",
    description:
      "API tokens and OAuth grants of the token's owner (Make shows nobody else's): old, unused, with admin scopes; and the least scopes this server needs.",
    access: "read",
    sources: ["api", "computed"],
    calls: [
      "GET /users/me/api-tokens",
      "GET /users/me/oauth-connections",
      "GET /users/me/current-authorization",
    ],
    input: { maxAgeDays: reviewDays("From which a token is old").default(180) },
    output: {
      tokens: field.rows("Label, created, age, scopes, findings"),
      grants: field.rows("OAuth client, last used, scopes, findings").optional(),
      thisToken: field.row("Its scopes; those no tool here needs; those that are missing"),
    },
    async run({ maxAgeDays }, make) {
      const now = make.context.now();
      const tokens = await make.get("GET /users/me/api-tokens");
      const grants = await make.optional("OAuth grants", () =>
        make.get("GET /users/me/oauth-connections"),
      );
      const { scope } = await make.get("GET /users/me/current-authorization");
      const needed = neededScopes(tools());
      const wanted = [...needed.read, ...needed.write];
      return {
        tokens: tokens.map((token) => reviewToken(token, maxAgeDays, now)),
        ...(grants && { grants: grants.map((grant) => reviewGrant(grant, maxAgeDays, now)) }),
        thisToken: {
          scopes: scope,
          notNeeded: scope.filter((each) => !wanted.includes(each)),
          missingToRead: needed.read.filter((each) => !scope.includes(each)),
          missingToWrite: needed.write.filter((each) => !scope.includes(each)),
        },
      };
    },
  });

const setTfa = tool({
  name: "access_set_tfa",
  title: "Enforce 2FA",
  description:
    "Turn the organisation's 2FA enforcement on or off. Make logs its users out; who has no 2FA must set it up.",
  access: "destroy",
  idempotent: true,
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}",
    "PATCH /organizations/{organizationId}/tfa-enforcement",
  ],
  input: { organizationId: field.organizationId, enable: z.boolean().describe("On or off") },
  output: {
    before: z.boolean().nullable().describe("Enforced before"),
    enforced: z.boolean().describe("Enforced now"),
  },
  async run({ enable, ...input }, make) {
    const path = { organizationId: await make.organizationId(input.organizationId) };
    const organization = await make.get("GET /organizations/{organizationId}", { path });
    const { tfaEnforced } = organization;
    const change = {
      before: typeof tfaEnforced === "boolean" ? tfaEnforced : null,
      enforced: enable,
    };
    make.confirmed({ ...change, logsOut: "all users of the organisation" });
    const body = { tfaEnforced: enable };
    await make.write("PATCH /organizations/{organizationId}/tfa-enforcement", { path, body });
    return change;
  },
});

/** `tools`: those whose scopes the token needs, which are only known when all are defined. */
export const zeroTrustAuth = (tools: () => readonly MakeTool[]): MakeTool[] => [
  reviewOfUsers,
  reviewOfTokens(tools),
  reviewOfConnections,
  reviewOfExposure,
  setTfa,
];
