import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { startProcess } from "./shared/testing/process.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { foreignCommand } from "./support/foreign.ts";
import { ENTRY, startWith, type TestGateway, textOf } from "./support/gateway.ts";
import { descendants, isAlive } from "./support/processes.ts";

beforeAll(() => ensureBuilt(), 60_000);

const CALLS = 1_000;
const RESTARTS = 100;
const AT_ONCE = 20;
/** Milliseconds that one restart may take on a machine that does much else. */
const RESTART_MS = 60_000;

const json = (answer: JsonObject) => JSON.parse(textOf(answer));
const env = { name: "env", arguments: {} };

describe.skipIf(process.platform !== "linux")("processes, as Linux counts them", () => {
  it("are as many after 1,000 calls and 100 restarts as before", async () => {
    const root = await testFolder();
    const entry = foreignCommand("modern");
    const packaged = { package: await writeServer(root, "own"), isolation: "process" };
    const config = await writeConfig(root, { other: entry, own: packaged });
    // restarts without the pauses between them
    const preload = `data:text/javascript,Math.random=()=>0`;
    const gateway = await startWith(config, {}, ["--import", preload]);
    await gateway.says(/^ready +other/);
    await gateway.says(/^ready +own/);
    const { pid } = json(await gateway.rpc("other", "modern", "tools/call", env));
    const parent = gatewayOf(pid);
    const before = descendants(parent).length;
    expect(before, "two servers, each under its guard").toBe(4);
    for (let done = 0; done < CALLS; done += AT_ONCE) {
      const calls = Array.from({ length: AT_ONCE }, (_, index) =>
        gateway.rpc("", "legacy", "tools/call", {
          name: index % 2 === 0 ? "other__act" : "own__echo",
          arguments: {},
        }),
      );
      for (const answer of await Promise.all(calls))
        expect(answer.result).toHaveProperty("content");
    }
    expect(descendants(parent)).toHaveLength(before);
    // both servers at the same time, each as often as the other
    await Promise.all([restart(gateway, "other", "env"), restart(gateway, "own", "env")]);
    await until(() => descendants(parent).length === before, "The end of what was restarted");
  }, 180_000);

  it.each([
    ["", { WITH_CHILD: "1" }],
    ["though they do not heed signals", { WITH_CHILD: "1", STUBBORN: "1" }],
    ["also what moved to a session of its own", { WITH_CHILD: "detached" }],
  ])("end with the gateway on SIGKILL, with what they started %s", async (_, variables) => {
    const root = await testFolder();
    const packaged = { package: await writeServer(root, "own"), isolation: "process" };
    const config = await writeConfig(root, {
      other: foreignCommand("legacy", variables),
      own: packaged,
    });
    const gateway = await startWith(config);
    await gateway.says(/^ready +other/);
    await gateway.says(/^ready +own/);
    const { pid } = json(await gateway.rpc("other", "modern", "tools/call", env));
    const all = descendants(gatewayOf(pid));
    expect(all, "two guards, two servers, and a child of one").toHaveLength(5);
    gateway.signal("SIGKILL");
    await until(() => !all.some(isAlive), "The end of all of them");
  });

  it.each(["1", "detached"])(
    "end with the gateway on SIGTERM, also those that will not (child: %s)",
    async (child) => {
      const root = await testFolder();
      const config = await writeConfig(root, {
        other: foreignCommand("legacy", { WITH_CHILD: child, STUBBORN: "1" }),
      });
      const gateway = await startWith(config);
      await gateway.says(/^ready +other/);
      const { pid } = json(await gateway.rpc("other", "modern", "tools/call", env));
      const all = descendants(gatewayOf(pid));
      gateway.signal("SIGTERM");
      expect(await gateway.exit()).toEqual({ code: 0, signal: null });
      expect(all.filter(isAlive)).toEqual([]);
    },
  );

  it("end when their guard is killed", async () => {
    const root = await testFolder();
    const variables = { STUBBORN: "1", WITH_CHILD: "detached" };
    const config = await writeConfig(root, { other: foreignCommand("legacy", variables) });
    const gateway = await startWith(config);
    await gateway.says(/^ready +other/);
    const { pid } = json(await gateway.rpc("other", "modern", "tools/call", env));
    const guard = parentOf(pid);
    const all = descendants(guard);
    expect(all, "the server, and its child").toHaveLength(2);
    process.kill(guard, "SIGKILL");
    await until(() => !all.some(isAlive), "The end of both");
  });

  it("over stdio end with the client", async () => {
    const root = await testFolder();
    const config = await writeConfig(root, { other: foreignCommand("legacy") });
    const client = startProcess({
      entry: ENTRY.replace("http.js", "stdio.cjs"),
      env: { GATEWAY_CONFIG: config },
    });
    const send = (message: object) =>
      client.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const clientInfo = { name: "test", version: "1" };
    send({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
    });
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "tools/call", params: { name: "other__env", arguments: {} } });
    const line = await client.stdout.find((text) => text.includes('"id":2'), "An answer");
    const { pid } = json(JSON.parse(line));
    expect(isAlive(pid)).toBe(true);
    client.stdin.end();
    expect(await client.exit()).toEqual({ code: 0, signal: null });
    expect(isAlive(pid)).toBe(false);
  });
});

/** Kills a server again and again, as soon as the gateway says that it is up again. */
async function restart(gateway: TestGateway, server: string, tool: string): Promise<void> {
  const isReady = new RegExp(`^ready +${server} `);
  const timesReady = () => gateway.stdout.all.filter((line) => isReady.test(line)).length;
  let last: number | undefined;
  for (let count = 0; count <= RESTARTS / 2; count++) {
    // not by calls again and again: they would be most of what this test costs
    await until(() => timesReady() > count, `Restart ${count} of ${server}`, RESTART_MS);
    const params = { name: tool, arguments: {} };
    const { pid } = json(await gateway.rpc(server, "modern", "tools/call", params));
    expect(pid).not.toBe(last);
    last = pid;
    if (count < RESTARTS / 2) process.kill(pid, "SIGKILL");
  }
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** The gateway is the parent of the guard of a server. */
const gatewayOf = (server: number) => parentOf(parentOf(server));
