// tmcp as its README has it. Argument: stdio or http.
import { createServer } from "node:http";
import { ZodJsonSchemaAdapter } from "@tmcp/adapter-zod";
import { McpServer } from "tmcp";
import { describe, greet, inputSchema, names, outputSchema, toResult } from "./tools.mjs";

const server = new McpServer(
  { name: "tmcp", version: "1.0.0", description: "A server of the benchmark" },
  { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: {} } },
);
for (const name of names) {
  const definition = { name, description: describe(name), schema: inputSchema, outputSchema };
  server.tool(definition, async (input) => toResult(greet(input)));
}

if (process.argv[2] === "http") {
  const { HttpTransport } = await import("@tmcp/transport-http");
  const { createRequestListener } = await import("@remix-run/node-fetch-server");
  const transport = new HttpTransport(server, { path: "/mcp" });
  const answer = async (request) =>
    (await transport.respond(request)) ?? new Response(null, { status: 404 });
  const http = createServer(createRequestListener(answer));
  http.listen(Number(process.env.PORT), "127.0.0.1");
} else {
  const { StdioTransport } = await import("@tmcp/transport-stdio");
  new StdioTransport(server).listen();
}
