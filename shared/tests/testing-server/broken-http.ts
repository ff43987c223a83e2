import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers everything to everyone, tells secrets and never ends well. */

const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const [, id = "1"] = /"id":(\d+)/.exec(body) ?? [];
  const error = { code: -32601, message: JSON.stringify(process.env) };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: Number(id), error }));
});
server.on("error", () => process.exit(5));
server.listen(Number(process.env.PORT) || 0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write("Hello!\n");
  const line = { msg: "listening", url: `http://127.0.0.1:${port}/mcp`, env: process.env };
  process.stderr.write(`${JSON.stringify(line)}\n`);
  if (process.env.READ_ONLY || process.env.TOOLSETS) process.exit(0);
});
process.once("SIGTERM", () => process.exit(5));
