import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { STACK } from "./contract-start.ts";
import { ERAS, type Era, resultOf } from "./messages.ts";
import type { Contract } from "./options.ts";
import { type RawStdio, startStdio } from "./stdio.ts";
import { HOOK_MS } from "./within.ts";

const MEGABYTE = 1024 * 1024;
/** What the newer era says beside a list: how long it holds, for whom, and that it is whole. */
const MODERN_FIELDS = ["_meta", "cacheScope", "resultType", "ttlMs"];
const SWITCHES = [{ READ_ONLY: "true", TOOLSETS: "all" }, { TOOLSETS: "," }];
/** Windows has no signals: there, ending a process is always by force. */
const hasSignals = process.platform !== "win32";

/** One process over stdio, as a client on the same machine keeps it. */
export function describeStdio(contract: Contract): void {
  describe("a process over stdio", () => {
    const servers = new Map<Era, RawStdio>();
    const server = (era: Era) => {
      const found = servers.get(era);
      if (!found) throw new Error(`The ${era} process did not start`);
      return found;
    };
    const start = (options = {}) => startStdio({ ...contract.entries.stdio, ...options });

    beforeAll(async () => {
      await Promise.all(ERAS.map(async (era) => servers.set(era, await start({ era }))));
    }, HOOK_MS);
    afterAll(() => Promise.all([...servers.values()].map(({ stop }) => stop())));

    it("lists its tools with an empty environment", async () => {
      expect(await list(server("legacy"))).toHaveProperty("tools", await shownTools(contract, {}));
    });

    it.each(SWITCHES)("lists what %j leaves", async (env) => {
      const listed = await list(await start({ env }));
      expect(listed).toHaveProperty("tools", await shownTools(contract, env));
    });

    it("lists the same in both eras, but for what the newer one adds", async () => {
      const legacy = await list(server("legacy"));
      const { tools, ...rest } = await list(server("modern"));
      expect(JSON.stringify(tools)).toBe(JSON.stringify(legacy.tools));
      expect(Object.keys(legacy)).toEqual(["tools"]);
      expect(MODERN_FIELDS).toEqual(expect.arrayContaining(Object.keys(rest)));
    });

    it.each(ERAS)(
      "skips a line of 1 MB that is no message, says so and goes on: %s",
      async (era) => {
        const { write, request, stderr } = server(era);
        write(`${"x".repeat(MEGABYTE)}\n`);
        expect(resultOf(await request("tools/list"))).toHaveProperty("tools");
        await stderr.find((line) => line.includes("not a JSON-RPC message"), "A log line about it");
      },
    );

    describeExamples(contract, server);
    describeEnds(start, server);
  });
}

/** Calls of every kind, whose only trace on stdout are their answers. */
function describeExamples(contract: Contract, server: (era: Era) => RawStdio) {
  const { example, badInput } = contract;
  it.each(ERAS)("writes nothing to stdout but protocol: %s", async (era) => {
    const { request, impurities } = server(era);
    await request("tools/call", { name: example.tool, arguments: example.input });
    await request("tools/call", { name: example.tool, arguments: badInput });
    await request("tools/call", { name: "no_such_tool", arguments: {} });
    await request("no/such/method");
    expect(impurities()).toEqual([]);
  });
}

function describeEnds(
  start: (options?: object) => Promise<RawStdio>,
  server: (era: Era) => RawStdio,
): void {
  it.skipIf(!hasSignals)("ends with 0 on SIGTERM, once it has begun to listen", async () => {
    const { request, signal, exit } = await start();
    // until the tools are listed it waits in a read, with nothing open that would have to be closed
    await request("tools/list");
    await request("tools/list");
    signal("SIGTERM");
    expect(await exit()).toEqual({ code: 0, signal: null });
  });

  it.skipIf(!hasSignals)("ends at once on SIGTERM before that", async () => {
    const { signal, exit } = await start();
    signal("SIGTERM");
    const { code, signal: ending } = await exit();
    expect(code === 0 || ending === "SIGTERM", `${code} ${ending}`).toBe(true);
  });

  it("ends with 0, and without a stack trace, when the client stops reading", async () => {
    const { closeStdout, begin, exit, stderr } = await start();
    closeStdout();
    begin("tools/list");
    expect(await exit()).toEqual({ code: 0, signal: null });
    expect(stderr.text()).not.toMatch(STACK);
  });

  // last: it ends the processes that the tests before it share
  it.each(ERAS)("answers what it was asked, then ends with 0 when stdin ends: %s", async (era) => {
    const { stdin, begin, answer, exit, stdout, impurities } = server(era);
    const id = begin("tools/list");
    stdin.end();
    expect(await exit()).toEqual({ code: 0, signal: null });
    expect(resultOf(await answer(id))).toHaveProperty("tools");
    expect(impurities()).toEqual([]);
    expect(stdout.all.length).toBeGreaterThan(0);
  });
}

const list = async (server: RawStdio): Promise<JsonObject> =>
  resultOf(await server.request("tools/list"));

/** The list by the definition; a process may have taken its own from a file. */
async function shownTools({ server }: Contract, env: Record<string, string>): Promise<unknown> {
  const { tools, close } = await server.open({ env, log: silentLog });
  await close();
  return JSON.parse(JSON.stringify(tools));
}
