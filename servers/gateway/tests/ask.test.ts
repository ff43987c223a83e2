import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { type Address, describeAtEachSharing, startSharing } from "./support/address.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { foreignCommand } from "./support/foreign.ts";
import { startWith } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

/** A server of ours that asks, and one of others. */
const askingServers = async (root: string) =>
  writeConfig(root, {
    ours: { package: await writeServer(root, "ours") },
    theirs: foreignCommand("legacy"),
  });

/** A client of 2025 that answers what it is asked. */
async function connect(url: string, path: string) {
  const client = new Client({ name: "test", version: "1" }, { capabilities: { elicitation: {} } });
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message);
    return { action: "accept", content: { name: "Ada" } };
  });
  const transport = new StreamableHTTPClientTransport(new URL(path, url));
  // the package's own types disagree under exactOptionalPropertyTypes
  await client.connect(transport as unknown as Transport);
  onTestFinished(() => client.close());
  return { asked, client };
}

describeAtEachSharing((replicas) => {
  let root: string;
  let gateway: Address;
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "gateway-ask-")));
    gateway = await startSharing(await askingServers(root), replicas, { ASK_OVER_HTTP: "true" });
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    await rm(root, { recursive: true, force: true });
  });

  it.each([
    ["/ours/mcp", "ask"],
    ["/theirs/mcp", "ask"],
    ["/mcp", "ours__ask"],
    ["/mcp", "theirs__ask"],
  ])("asks a client of 2025 at %s on the stream of its call of %s", async (path, name) => {
    const { asked, client } = await connect(gateway.url, path);
    // a call and its answer are two requests: in turn, no answer reaches the gateway that asked
    for (const turn of [1, 2]) {
      const { content, isError } = await client.callTool({ name });
      expect(asked).toEqual(Array(turn).fill("Who?"));
      expect(isError).not.toBe(true);
      expect(JSON.stringify(content)).toContain("Ada");
    }
  });
});

describe("a client of 2025, where nothing says that it may be asked", () => {
  it("is told so at once", async () => {
    const gateway = await startWith(await askingServers(await testFolder()));
    await gateway.ready();
    const { asked, client } = await connect(gateway.url, "/mcp");
    for (const name of ["ours__ask", "theirs__ask"]) {
      const { content } = await client.callTool({ name });
      expect(JSON.stringify(content), name).not.toContain("Ada");
    }
    expect(asked).toEqual([]);
  });
});
