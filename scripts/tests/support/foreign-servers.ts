/** Servers as others write them: files of a package each. */

export const oldServer = {
  "package.json": JSON.stringify({
    name: "@someone/tide-mcp-server",
    version: "3.2.1",
    description: "Tells the tide",
    license: "MIT",
    type: "module",
    bin: { tide: "dist/index.js" },
    dependencies: { "@modelcontextprotocol/sdk": "^1.20.0", zod: "^3.25.0" },
  }),
  LICENSE: "MIT License\n",
  "src/index.test.ts": "",
  "src/index.ts": `#!/usr/bin/env node
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";
import { heightAt, Tide } from "./lib.js";

const unit = process.env.TIDE_UNIT ?? "m";
const key = process.env.TIDE_API_KEY;

const server = new McpServer({ name: "tide", version: "3.2.1" }, { instructions: "Ask for a port." });
server.registerTool(
  "get-tide",
  {
    description: "The height of the tide in a port",
    inputSchema: { port: z.string().describe("Name of the port"), hour: z.number().int().default(12) },
    outputSchema: { height: z.number(), unit: z.string() },
    annotations: { readOnlyHint: true },
  },
  async ({ port, hour }) => {
    if (port === "nowhere") return { content: [{ type: "text", text: "no such port" }], isError: true };
    const tide: Tide = { height: heightAt(port, hour), unit };
    return { content: [{ type: "text", text: JSON.stringify(tide) }], structuredContent: tide };
  },
);
server.registerPrompt("plan", { description: "Plans" }, () => ({ messages: [] }));

async function main() {
  if (process.argv.includes("--version")) { console.log("3.2.1"); process.exit(0); }
  await server.connect(new StdioServerTransport());
}
void main();
`,
  "src/lib.ts": `export type Tide = { height: number; unit: string };
export const heightAt = (port: string, hour: number) => port.length + hour / 10;
`,
};

export const newServer = {
  "package.json": JSON.stringify({
    name: "moon-mcp",
    version: "1.0.0",
    type: "module",
    main: "build/main.js",
    dependencies: { "@modelcontextprotocol/server": "^2.4.0", zod: "^4.0.0" },
  }),
  "src/main.ts": `import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";

serveStdio(() => {
  const server = new McpServer({ name: "moon", version: "1.0.0" });
  server.registerTool(
    "moonPhase",
    { title: "Phase of the moon", description: "Names it", inputSchema: z.object({ day: z.number() }) },
    async ({ day }) => ({ content: [{ type: "text", text: day % 2 === 0 ? "full" : "new" }] }),
  );
  return server;
});
`,
};
