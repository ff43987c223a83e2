import { defineServer } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
import { echoBye } from "./tools/echo-bye.ts";

export const server = defineServer({
  manifest,
  instructions: "Says goodbye to people by name.",
  tools: [echoBye],
});

export default server;
