// The SDK as its README has it: McpServer made by a factory, schemas made once. Argument: stdio or http.
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/server";
import { describe, greet, inputSchema, names, outputSchema, toResult } from "./tools.mjs";

function makeServer() {
  const server = new McpServer({ name: "sdk", version: "1.0.0" });
  for (const name of names) {
    const definition = { description: describe(name), inputSchema, outputSchema };
    server.registerTool(name, definition, async (input) => toResult(greet(input)));
  }
  return server;
}

if (process.argv[2] === "http") {
  const { createMcpHandler } = await import("@modelcontextprotocol/server");
  const { toNodeHandler } = await import("@modelcontextprotocol/node");
  const handler = toNodeHandler(createMcpHandler(makeServer));
  const http = createServer((request, response) => void handler(request, response));
  http.listen(Number(process.env.PORT), "127.0.0.1");
} else {
  const { serveStdio } = await import("@modelcontextprotocol/server/stdio");
  serveStdio(makeServer);
}
