// The least that can be called an answer over stdio: reads a line, writes one, loads nothing.
const tools = [{ name: "echo", inputSchema: { type: "object" } }];
const results = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "floor", version: "1.0.0" },
  },
  "server/discover": { supportedVersions: ["2026-07-28"], capabilities: { tools: {} } },
  "tools/list": { tools },
  "tools/call": { content: [{ type: "text", text: "Hai Ada" }] },
};
let rest = "";
process.stdin.setEncoding("utf8").on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    const { id, method } = JSON.parse(line);
    if (id === undefined) continue;
    process.stdout.write(`${JSON.stringify({ result: results[method], jsonrpc: "2.0", id })}\n`);
  }
});
