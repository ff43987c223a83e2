import { expect, test } from "vitest";
import { doctor, type Edit, expectFault, GOOD, healthy } from "./support/healthy-server.ts";

test.each([
  ["exports nothing", "export const other = 1;", /no server, no contract 1, no fetch/],
  [
    "exports no default",
    "export const server = { contract: 1, fetch() {} };",
    /no default that is/,
  ],
  ["throws", 'throw new Error("no WIND_KEY");', /with no variable set: no WIND_KEY/],
  [
    "connects",
    'import net from "node:net"; net.connect(1, "127.0.0.1").on("error", () => {});',
    /opens a connection/,
  ],
  [
    "looks a host up",
    'import { lookup } from "node:dns"; lookup("127.0.0.1", () => {});',
    /looks a host up/,
  ],
  ["fetches", 'fetch("http://127.0.0.1:1").catch(() => {});', /sends a request/],
  [
    "listens",
    'import http from "node:http"; const s = http.createServer().listen(0, () => s.close());',
    /listens on a port/,
  ],
  [
    "starts a program",
    'import { spawn } from "node:child_process"; spawn(process.execPath, ["-e", ""]);',
    /starts a program/,
  ],
  [
    "starts a thread",
    'import { Worker } from "node:worker_threads"; new Worker("", { eval: true });',
    /starts a thread/,
  ],
  ["writes files", 'import { mkdirSync } from "node:fs"; mkdirSync("made");', /changes files/],
  ["talks", 'console.log("Server running");', /writes: "Server running"/],
])("a module that %s when it is imported", async (_, code, message) => {
  const exportsToo = /export|throw/.test(code) ? "" : GOOD;
  const server = healthy({ "dist/server.js": `${code}\n${exportsToo}` });
  const { text } = await doctor(server, "imported alone");
  expect(text).toContain("FAULT   wind-server  it is imported alone");
  expect(text).toMatch(message);
  expect(text).toContain("cure: ");
});

test("a module that keeps the process alive", async () => {
  const server = healthy({ "dist/server.js": `setInterval(() => {}, 1000);\n${GOOD}` });
  await expectFault(
    server,
    "it is imported alone",
    /does not end by itself/,
    "open nothing at module level",
  );
});

test("a declared call that fails, is too large, or is not there", async () => {
  const rule = "a result stays under the cap";
  const calling =
    (tool: string): Edit =>
    (manifest) => {
      manifest.flotilla = {
        example: { tool, input: {} },
        budget: { startCpu: 1_000, firstCallCpu: 1_000 },
      };
    };
  const failing = await doctor(healthy({}, calling("no_such_tool")), rule);
  expect(failing.text).toMatch(/safe fails \(2025-11-25\): .*no_such_tool/);
  const cure = "cure: make flotilla.example in package.json a call that succeeds";
  expect(failing.text).toContain(cure);
  const answer = (size: number) => `const { createInterface } = require("node:readline");
    const answers = { initialize: { protocolVersion: "2025-11-25" },
      "server/discover": { supportedVersions: ["2026-07-28"] }, "tools/list": { tools: [{ name: "first_tool" }] },
      "tools/call": { content: "x".repeat(${size}) } };
    createInterface({ input: process.stdin }).on("line", (line) => {
      const { id, method } = JSON.parse(line);
      if (id) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: answers[method] }));
    });`;
  const around = JSON.stringify({ content: "" }).length;
  const edge = await doctor(healthy({ "dist/stdio.cjs": answer(1_000_000 - around) }), rule);
  expect(edge.text).toContain(`ok      wind-server  ${rule}`);
  const large = await doctor(healthy({ "dist/stdio.cjs": answer(1_000_001 - around) }), rule);
  expect(large.text).toContain("answers with 1000001 bytes, more than 1000000 (2025-11-25)");
  expect(large.text).toContain("cure: page it");
  const none = healthy({}, (manifest) => {
    manifest.flotilla = { budget: { startCpu: 1_000, firstCallCpu: 1_000 } };
  });
  const { text, faults, warnings } = await doctor(none, rule);
  expect(text).toContain("it declares no call that is always safe");
  expect([faults, warnings]).toEqual([0, 1]);
});

test("a start that costs more than its budget, and one that fails", async () => {
  const server = healthy({}, (manifest) => {
    manifest.flotilla = {
      example: { tool: "first_tool", input: {} },
      budget: { startCpu: 0.01, firstCallCpu: 1_000 },
    };
  });
  const { text, faults } = await doctor(server, "starts within");
  if (text.includes("does not tell the CPU time")) return;
  expect(text).toMatch(
    /first tools\/list takes \d+\.\d+ times the CPU of "node -e 0", its budget is 0\.01/,
  );
  expect(text).toContain("cure: see what is loaded: pnpm build --why");
  expect(faults).toBe(1);
  const dying = await doctor(healthy({ "dist/stdio.cjs": "process.exit(3)" }), "starts within");
  expect(dying.text).toContain("it cannot be started over stdio");
});
