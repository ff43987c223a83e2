import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { foreignCommand } from "./support/foreign.ts";
import { startWith } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

/** A client of 2025 that answers what it is asked, at a gateway with a server of ours and one of others. */
async function start(env: Record<string, string>) {
  const root = await testFolder();
  const ours = { package: await writeServer(root, "ours") };
  const config = await writeConfig(root, { ours, theirs: foreignCommand("legacy") });
  const gateway = await startWith(config, env);
  await gateway.ready();
  const client = new Client({ name: "test", version: "1" }, { capabilities: { elicitation: {} } });
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message);
    return { action: "accept", content: { name: "Ada" } };
  });
  const connect = async (path: string) => {
    const transport = new StreamableHTTPClientTransport(new URL(path, gateway.url));
    // the package's own types disagree under exactOptionalPropertyTypes
    await client.connect(transport as unknown as Transport);
    onTestFinished(() => client.close());
    return client;
  };
  return { asked, connect };
}

describe.each([
  ["/ours/mcp", "ask"],
  ["/theirs/mcp", "ask"],
  ["/mcp", "ours__ask"],
  ["/mcp", "theirs__ask"],
])("a client of 2025 at %s that calls %s", (path, name) => {
  it("is asked on the stream of its call, where ASK_OVER_HTTP says that it may be", async () => {
    const { asked, connect } = await start({ ASK_OVER_HTTP: "true" });
    const client = await connect(path);
    const { content, isError } = await client.callTool({ name });
    expect(asked).toEqual(["Who?"]);
    expect(isError).not.toBe(true);
    expect(JSON.stringify(content)).toContain("Ada");
  });
});

it("is told at once that it cannot be asked, where nothing says so", async () => {
  const { asked, connect } = await start({});
  const client = await connect("/mcp");
  for (const name of ["ours__ask", "theirs__ask"]) {
    const { content } = await client.callTool({ name });
    expect(JSON.stringify(content), name).not.toContain("Ada");
  }
  expect(asked).toEqual([]);
});
