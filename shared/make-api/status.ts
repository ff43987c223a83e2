import * as z from "zod";
import { scopesOf } from "./call.ts";
import type { EndpointKey } from "./endpoints.ts";
import { rows } from "./fields.ts";
import { type MakeTool, toolsOf } from "./tool.ts";

interface Judged extends Record<string, unknown> {
  tool: string;
  toolset: string;
  usable: boolean;
  missingScopes?: string[];
}

/**
 * A tool that looks at the token once and marks the tools it cannot use. It marks and does not hide:
 * the documentation misspells some scopes, so that Make's own answer is what decides.
 */
export function statusTool(name: string, title: string, tools: readonly MakeTool[]): MakeTool {
  const calls: EndpointKey[] = [
    "GET /users/me/current-authorization",
    "GET /organizations/{organizationId}",
  ];
  const tool = toolsOf("status")({
    name,
    title,
    description:
      "Organisation, plan, rate limit and scopes of the token, and which tools it cannot use. Call it first when a tool answers unavailable.",
    access: "read",
    sources: ["api", "computed"],
    calls,
    input: {},
    output: {
      organization: z.looseObject({}).optional().describe("Id, name, plan, zone"),
      scopes: z.array(z.string()).describe("Of the token"),
      writes: z.boolean().describe("Whether MAKE_WRITES shows tools that change something"),
      tools: rows("Tools that lack a scope, with the scopes"),
    },
    async run(_, make) {
      const scopes = await make.account.scopes();
      make.from("api");
      const organization = await make.optional("organization", async () => {
        const organizationId = await make.organizationId(undefined);
        return await make.get("GET /organizations/{organizationId}", { path: { organizationId } });
      });
      const judged = tools.map((each) => judge(each, scopes));
      return {
        ...(organization && {
          organization: {
            id: organization.id,
            name: organization.name,
            plan: organization.productName ?? null,
            zone: organization.zone ?? null,
            apiLimitPerMinute: organization.license?.apiLimit ?? null,
          },
        }),
        scopes: [...scopes],
        writes: make.context.config.MAKE_WRITES,
        tools: judged.filter(({ usable }) => !usable),
      };
    },
  });
  const { toolset: _, ...always } = tool;
  return always as MakeTool;
}

function judge(tool: MakeTool, scopes: readonly string[]): Judged {
  const missingScopes = scopesOf(tool.make.calls).filter((scope) => !scopes.includes(scope));
  return {
    tool: tool.name,
    toolset: tool.make.category,
    usable: missingScopes.length === 0,
    ...(missingScopes.length > 0 && { missingScopes }),
  };
}
