// fastmcp as its README has it, without sessions. Argument: stdio or http.
import { FastMCP } from "fastmcp";
import { describe, greet, inputSchema, names, outputSchema, toResult } from "./tools.mjs";

const server = new FastMCP({ name: "fastmcp", version: "1.0.0" });
for (const name of names) {
  const definition = { name, description: describe(name), parameters: inputSchema, outputSchema };
  server.addTool({ ...definition, execute: async (input) => toResult(greet(input)) });
}

if (process.argv[2] === "http") {
  const port = Number(process.env.PORT);
  const httpStream = { port, host: "127.0.0.1", endpoint: "/mcp", stateless: true };
  await server.start({ transportType: "httpStream", httpStream });
} else {
  await server.start({ transportType: "stdio" });
}
