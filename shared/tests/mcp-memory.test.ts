import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { ERAS, type Era, headersFor, paramsFor } from "#shared/testing/messages.ts";
import { startProbeHttp } from "./support/probe.ts";

const PATIENCE_MS = 90_000;

/** The heap after each thousand requests, in bytes. */
async function heapsOf(era: Era): Promise<number[]> {
  const args = ["--expose-gc", "--import", "tsx", "tests/fixtures/memory/http.ts", era];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(await text(child.stdout)).heaps;
}

describe("10,000 requests leave no more behind than 1,000 did", () => {
  test.concurrent.each(ERAS)("%s", { timeout: PATIENCE_MS }, async (era) => {
    const [, ...heaps] = await heapsOf(era);
    // the first thousand fills caches and compiles code; after that the smallest heap of the first
    // and of the second half are the same but for what differs between neighbours anyhow
    const half = Math.floor(heaps.length / 2);
    const early = Math.min(...heaps.slice(0, half));
    const late = Math.min(...heaps.slice(-half));
    const steps = heaps.slice(1).map((heap, index) => Math.abs(heap - (heaps[index] ?? heap)));
    const noise = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
    const perRequest = (late - early - 3 * noise) / (half * 1000);
    expect(perRequest, `bytes a request; heaps ${heaps.join(" ")}`).toBeLessThan(100);
  });
});

/** Resident bytes of another process. */
const residentOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

const CALLS = 100;
const BYTES = 500_000;
const TOTAL = CALLS * BYTES;
const big = { name: "big", arguments: { bytes: BYTES } };

describe.runIf(process.platform === "linux")("a client that does not read 50 MB of results", () => {
  test("over stdio makes the server wait, and gets them all when it reads", {
    timeout: PATIENCE_MS,
  }, async () => {
    const args = ["--import", "tsx", "tests/fixtures/probe/stdio.ts"];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
    const stderr = text(child.stderr);
    const call = (id: number) =>
      JSON.stringify({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: paramsFor("modern", big),
      });
    child.stdin.write(`${call(0)}\n`);
    await once(child.stdout, "readable");
    const before = residentOf(child.pid ?? 0);
    for (let id = 1; id < CALLS; id++) child.stdin.write(`${call(id)}\n`);
    await settled(() => residentOf(child.pid ?? 0));
    expect(residentOf(child.pid ?? 0) - before).toBeLessThan(TOTAL / 2);
    const ids = new Set<number>();
    for await (const line of createInterface({ input: child.stdout })) {
      ids.add(JSON.parse(line).id);
      if (ids.size === CALLS) child.stdin.end();
    }
    expect(await stderr).not.toContain("MaxListeners");
  });

  test("over HTTP makes no warning and holds up nobody else", {
    timeout: PATIENCE_MS,
  }, async () => {
    const server = await startProbeHttp();
    const { hostname, port } = new URL(server.url);
    const params = paramsFor("modern", big);
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    const headers = {
      ...headersFor("modern", "tools/call", params),
      "content-length": body.length,
    };
    const lines = Object.entries({ host: "localhost", ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.pause();
    for (let count = 0; count < CALLS; count++)
      socket.write(`POST /mcp HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
    expect(await server.request("modern", "tools/call", params)).toHaveProperty("result");
    expect(await server.request("legacy", "tools/list")).toHaveProperty("result");
    socket.destroy();
    expect(server.stderr.text()).not.toContain("MaxListeners");
  });
});

/** Resolves when a number has stopped to grow. */
async function settled(measure: () => number): Promise<void> {
  let last = -1;
  for (let same = 0; same < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = measure();
    same = now <= last * 1.02 ? same + 1 : 0;
    last = Math.max(last, now);
  }
}
