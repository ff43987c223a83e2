import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { startReplicas } from "./support/address.ts";
import { writeConfig, writeServer } from "./support/folders.ts";
import { loadOn } from "./support/load.ts";
import { NGINX } from "./support/nginx.ts";

const CONNECTIONS = 32;
const JSON_TYPE = { "content-type": "application/json" };
const LEAVE_SECONDS = 1;

/** What else holds for them is tested wherever one gateway is: see `describeAtEachAddress`. */
describe.skipIf(NGINX === undefined)("two gateways behind nginx (apt-get install nginx)", () => {
  let root: string;
  let fleet: Awaited<ReturnType<typeof startReplicas>>;

  beforeAll(async () => {
    await ensureBuilt();
    root = await realpath(await mkdtemp(join(tmpdir(), "gateway-nginx-")));
    const alpha = { package: await writeServer(root, "alpha"), isolation: "worker" };
    const env = { GATEWAY_LEAVE_SECONDS: String(LEAVE_SECONDS) };
    fleet = await startReplicas(await writeConfig(root, { alpha }), 2, env);
  }, 60_000);
  afterAll(async () => {
    await fleet?.proxy.stop();
    await Promise.all(fleet?.gateways.map((gateway) => gateway.stop()) ?? []);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it("share the calls", async () => {
    const counts: number[] = [];
    for (let turn = 0; turn < 8; turn++) {
      const answer = await fetch(`${fleet.proxy.url}/alpha/tools/echo`, { method: "POST" });
      const { content } = (await answer.json()) as { content: { text: string }[] };
      counts.push(JSON.parse(content[0]?.text ?? "{}").calls);
    }
    expect(counts.sort(), "each counts its own").toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it("are restarted one after the other, and no call is lost", async () => {
    const { proxy, ports, gateways, start } = fleet;
    // as many connections to each as there are calls at a time: a new one could be made as a port closes
    const slow = { method: "POST", headers: JSON_TYPE, body: JSON.stringify({ ms: 500 }) };
    const atOnce = Array.from({ length: 2 * CONNECTIONS }, () =>
      fetch(`${proxy.url}/alpha/tools/slow`, slow),
    );
    for (const answer of await Promise.all(atOnce)) expect(answer.status).toBe(200);
    const load = loadOn(proxy.url, CONNECTIONS, "alpha", { keepAlive: false });
    for (const [index, port] of ports.entries()) {
      gateways[index]?.signal("SIGTERM");
      expect(await gateways[index]?.exit()).toEqual({ code: 0, signal: null });
      gateways[index] = await start(port);
    }
    const { calls, failures } = await load.stop();
    expect(failures.slice(0, 3)).toEqual([]);
    expect(calls).toBeGreaterThan(CONNECTIONS * 3);
  }, 60_000);
});
