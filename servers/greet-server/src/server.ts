import { defineServer } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
import { echoHai } from "./tools/echo-hai.ts";

export const server = defineServer({
  manifest,
  instructions: "Greets people by name.",
  tools: [echoHai],
});

export default server;
