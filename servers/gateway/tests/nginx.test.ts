import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { buildFixture, hasSuite, NEEDS_A_SESSION, RUNNER } from "./support/conformance.ts";
import { writeConfig, writeServer } from "./support/folders.ts";
import { startWith, type TestGateway } from "./support/gateway.ts";
import { loadOn } from "./support/load.ts";
import { FAIL_TIMEOUT_MS, freePort, NGINX, type NginxProxy, startNginx } from "./support/nginx.ts";

const CONNECTIONS = 32;
const FIXTURE_CODE = `export { server } from ${JSON.stringify(pathToFileURL(resolve("tests/fixtures/typed-package.js")).href)};`;

describe.skipIf(NGINX === undefined)("two gateways behind nginx (apt-get install nginx)", () => {
  let root: string;
  let config: string;
  let ports: number[];
  let gateways: TestGateway[];
  let proxy: NginxProxy;
  const start = (port: number) => startWith(config, { PORT: String(port) });

  beforeAll(async () => {
    await ensureBuilt();
    root = await realpath(await mkdtemp(join(tmpdir(), "gateway-nginx-")));
    config = await writeConfig(root, {
      alpha: { package: await writeServer(root, "alpha"), isolation: "worker" },
      typed: { package: await writeServer(root, "typed", FIXTURE_CODE) },
      ...(hasSuite && {
        fixture: {
          package: await buildFixture(root),
          prefix: "",
          // what one asks, the other must be able to take up
          env: { REQUEST_STATE_KEY: "k".repeat(43) },
        },
      }),
    });
    ports = [await freePort(), await freePort()];
    gateways = await Promise.all(ports.map(start));
    await Promise.all(gateways.map((gateway) => gateway.ready()));
    proxy = await startNginx(root, ports);
  }, 60_000);
  afterAll(async () => {
    await proxy?.stop();
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it("share the calls, and answer as one", async () => {
    const counts = new Set<number>();
    for (let turn = 0; turn < 8; turn++) {
      const answer = await fetch(`${proxy.url}/alpha/tools/echo`, { method: "POST" });
      const { content } = (await answer.json()) as { content: { text: string }[] };
      counts.add(JSON.parse(content[0]?.text ?? "{}").calls);
    }
    expect([...counts], "each counts its own").toEqual([1, 2, 3, 4]);
    const asked = await fetch(`${proxy.url}/typed/tools/ask`, { method: "POST" });
    const { requestState } = (await asked.json()) as { requestState: string };
    const inputResponses = { name: { content: { name: "Ada" } } };
    const answered = await fetch(`${proxy.url}/typed/tools/ask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ arguments: {}, inputResponses, requestState }),
    });
    expect(await answered.json()).toEqual({ hello: "Ada" });
  });

  describe.skipIf(!hasSuite)("pass the conformance suite (pnpm conformance installs it)", () => {
    it.each([
      ["2025-11-25", "/mcp", NEEDS_A_SESSION],
      ["2025-11-25", "/fixture/mcp", NEEDS_A_SESSION],
      ["2026-07-28", "/mcp", []],
      ["2026-07-28", "/fixture/mcp", []],
    ])(
      "of %s at %s",
      async (revision, path, refused) => {
        const { runSuite } = await import(pathToFileURL(RUNNER).href);
        const report = await runSuite(proxy.url + path, revision);
        expect(report.failed.sort(), report.output).toEqual(refused);
        expect(report.passed.length).toBeGreaterThan(20);
      },
      240_000,
    );
  });

  it("are restarted one after the other, and no call is lost", async () => {
    const load = loadOn(proxy.url, CONNECTIONS, "alpha", { keepAlive: false });
    for (const [index, port] of ports.entries()) {
      const gateway = gateways[index];
      gateway?.signal("SIGTERM");
      expect(await gateway?.exit()).toEqual({ code: 0, signal: null });
      const next = await start(port);
      gateways[index] = next;
      await next.ready();
      // nginx has to see that it is back before the other goes
      await new Promise((resolve) => setTimeout(resolve, 2 * FAIL_TIMEOUT_MS));
    }
    await until(async () => (await fetch(`${proxy.url}/ready`)).ok, "Both being ready");
    const { calls, failures } = await load.stop();
    expect(failures.slice(0, 3)).toEqual([]);
    expect(calls).toBeGreaterThan(CONNECTIONS * 3);
  }, 60_000);
});
