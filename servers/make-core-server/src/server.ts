import { toolsetsOf } from "#shared/make-api/category.ts";
import { services } from "#shared/make-api/services.ts";
import { defineServer } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
import { categories } from "./categories.ts";
import { config } from "./config.ts";
import { tools } from "./tools.ts";

export const server = defineServer({
  manifest,
  instructions:
    "Operates Make.com. Ids come from the list tools. Each answer says its source; `partial` names what is missing, `unavailable` what Make refuses to this token and what it would take. A tool that destroys shows a preview until it gets confirm: true. More tools are in toolsets (TOOLSETS), those that write behind MAKE_WRITES=on.",
  config,
  services,
  tools,
  toolsets: toolsetsOf(categories),
});

export default server;
