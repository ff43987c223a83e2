// Copied from shared/testing/contract-clients.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { HEALTH_URI } from "#shared/core/resources.ts";
import { expectToolError, TEST_NOW } from "./call.ts";
import {
  type Channel,
  fetchChannel,
  httpChannel,
  memoryChannel,
  stdioChannel,
} from "./channels.ts";
import { CLIENTS, connect, type TestClient } from "./clients.ts";
import { type RawHttp, startHttp } from "./http.ts";
import { isObject } from "./messages.ts";
import type { Contract } from "./options.ts";
import { HOOK_MS } from "./within.ts";

/** Opens a channel, and tells how to close it. */
type OpenChannel = (contract: Contract) => Promise<readonly [Channel, () => Promise<void>]>;

const CHANNELS: Record<string, OpenChannel> = {
  "in memory": async ({ server, env }) => {
    const instance = await server.open({ env, log: silentLog, now: () => TEST_NOW });
    return [memoryChannel(server, instance), () => instance.close()];
  },
  "over stdio": async ({ entries, env }) => [
    stdioChannel({ ...entries.stdio, env }),
    async () => {},
  ],
  "over HTTP": async ({ entries, env }) => {
    const http: RawHttp = await startHttp({ ...entries.http, env });
    return [httpChannel(http.url), http.stop];
  },
};

/** The module's own `fetch` takes the environment of the process that runs the tests. */
const overFetch: OpenChannel = async ({ server }) => [
  fetchChannel(async (request) => {
    if (!server.fetch) throw new Error("The server has no fetch");
    return server.fetch(request);
  }),
  async () => {},
];

/** Every client over every channel: the same list and the same answers. */
export function describeClients(contract: Contract): void {
  const channels = Object.entries(CHANNELS);
  if (contract.server.fetch && Object.keys(contract.env).length === 0)
    channels.push(["through fetch", overFetch]);
  describe.each(channels)("%s", (_, open) => {
    const clients = new Map<string, Promise<TestClient>>();
    let closeChannel = async () => {};

    beforeAll(async () => {
      const [channel, close] = await open(contract);
      closeChannel = close;
      for (const kind of CLIENTS) clients.set(kind.name, connect(kind, channel));
      // one that cannot connect fails its own tests, not those of the others
      await Promise.allSettled(clients.values());
    }, HOOK_MS);

    afterAll(async () => {
      for (const connected of await Promise.allSettled(clients.values()))
        if (connected.status === "fulfilled") await connected.value.close();
      await closeChannel();
    });

    describe.each(CLIENTS)("$name", ({ name, era }) => {
      const client = async () => {
        const found = clients.get(name);
        if (!found) throw new Error(`${name} is not connected`);
        return found;
      };
      describeCalls(contract, client);
      it("reads the health of the server", async () => {
        const health = JSON.parse(await (await client()).read(HEALTH_URI));
        expect(health).toMatchObject({ status: "ok", name: contract.server.name });
      });

      if (era === "legacy") {
        it("is answered a ping", async () => {
          await expect((await client()).ping?.()).resolves.toBeUndefined();
        });
      }
    });
  });
}

function describeCalls(
  { server, env, example, badInput }: Contract,
  client: () => Promise<TestClient>,
) {
  it("lists the tools of the definition", async () => {
    const instance = await server.open({ env, log: silentLog });
    expect(plain(await (await client()).listTools())).toEqual(plain(instance.tools));
    await instance.close();
  });

  it("gets a result as structure and as the same JSON in text", async () => {
    const tool = server.tools.find(({ listing }) => listing.name === example.tool);
    if (!tool) throw new Error(`The server has no tool ${example.tool}`);
    const result = await (await client()).callTool(example.tool, example.input);
    expect(result).not.toHaveProperty("isError", true);
    const { content, structuredContent } = isObject(result) ? result : {};
    if (!tool.listing.outputSchema) expect(content).toEqual(expect.any(Array));
    else {
      expect(structuredContent).toEqual(expect.any(Object));
      const [first] = Array.isArray(content) ? content : [];
      expect(JSON.parse(first.text)).toEqual(structuredContent);
    }
  });

  it("gets wrong input back as a failed call that says what was wrong", async () => {
    expectToolError(await (await client()).callTool(example.tool, badInput), "VALIDATION_ERROR");
  });

  it("gets a protocol error for a tool that is none", async () => {
    await expect((await client()).callTool("no_such_tool", {})).rejects.toMatchObject({
      code: -32602,
    });
  });
}

/** As JSON carries it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
