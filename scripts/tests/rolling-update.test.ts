import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { buildServers } from "../lib/build/build.ts";
import { freePorts } from "../lib/free-ports.ts";
import { findProjects, repositoryRoot } from "../lib/projects.ts";
import { isListening, startFleet } from "../lib/rolling/fleet.ts";
import { addUnderLoad, percentile } from "../lib/rolling/load.ts";
import { NGINX } from "../lib/rolling/nginx.ts";
import { tempFolder } from "./support/temp-folder.ts";

const dist = (name: string) => join(repositoryRoot, "servers", name, "dist");

test.skipIf(NGINX === undefined)(
  "replicas and gateways behind nginx are renewed under load, and no call fails (needs nginx)",
  { timeout: 180_000 },
  async () => {
    const names = ["math-server", "gateway"];
    const projects = findProjects(repositoryRoot).filter(({ name }) => names.includes(name));
    await buildServers(projects, { onlyStale: true, write: () => {} });
    const fleet = await startFleet({
      server: dist("math-server"),
      gateway: dist("gateway"),
      replicas: 2,
      gateways: 2,
    });
    const stop = addUnderLoad(fleet.url, 8);
    const renewed: string[] = [];
    try {
      await fleet.update((name) => renewed.push(name));
    } finally {
      const { calls, failures } = await stop();
      await fleet.stop();
      expect(failures.slice(0, 3)).toEqual([]);
      expect(calls).toBeGreaterThan(100);
    }
    expect(renewed).toEqual(["replica 1", "replica 2", "gateway 1", "gateway 2"]);
  },
);

test.skipIf(NGINX === undefined)(
  "nothing is left when one does not start (needs nginx)",
  { timeout: 60_000 },
  async () => {
    const folder = tempFolder({
      "one/http.js": `
        const { createServer } = require("node:http");
        const { writeFileSync } = require("node:fs");
        const { PORT } = process.env;
        const done = () => {
          writeFileSync(__dirname + "/pid", String(process.pid));
          console.error(JSON.stringify({ msg: "listening", url: "http://127.0.0.1:" + PORT }));
        };
        createServer((_, response) => response.end()).listen(PORT, "127.0.0.1", done);
        process.once("SIGTERM", () => process.exit(0));
      `,
      "two/http.js": "process.exit(3);",
    });
    const options = { server: join(folder, "one"), gateway: join(folder, "two") };
    const started = startFleet({ ...options, replicas: 1, gateways: 1 });
    await expect(started).rejects.toThrow("ended with 3 before it listened");
    const pid = Number(readFileSync(join(folder, "one/pid"), "utf8"));
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  },
);

test("a wrong sum and a refused call are failures of the load", async () => {
  const [port = 0] = await freePorts(1);
  const wrong = createServer((request, response) => {
    request.resume().on("end", () => {
      response.setHeader("content-type", "application/json");
      const result = { content: [], structuredContent: { sum: -1 } };
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
    });
  }).listen(port, "127.0.0.1");
  onTestFinished(() => {
    wrong.close();
  });
  const reportOf = async (url: string) => {
    const stop = addUnderLoad(url, 2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return stop();
  };
  const sums = await reportOf(`http://127.0.0.1:${port}/mcp`);
  expect(sums.calls).toBeGreaterThan(0);
  expect(sums.failures).toHaveLength(sums.calls);
  const [nobody = 0] = await freePorts(1);
  const refused = await reportOf(`http://127.0.0.1:${nobody}/mcp`);
  expect(refused.failures[0]).toContain("ECONNREFUSED");
  expect(await isListening(`http://127.0.0.1:${port}`)).toBe(true);
  expect(await isListening(`http://127.0.0.1:${nobody}`)).toBe(false);
});

test("a percentile is a value that was measured", () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([3, 1, 2], 1)).toBe(3);
  expect(percentile([], 0.5)).toBeNaN();
});
