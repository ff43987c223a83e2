import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { listTools2025, listTools2026, resultOf } from "../lib/standalone/raw-client.ts";
import { connectHttp2025, connectHttp2026, eventMessages } from "../lib/standalone/raw-http.ts";
import { startStdio } from "../lib/standalone/raw-stdio.ts";
import { type HttpServer, startHttp } from "../lib/standalone/start-http.ts";
import { tempFolder } from "./support/temp-folder.ts";

const fixture = fileURLToPath(new URL("./fixtures/sdk-server.mjs", import.meta.url));
const tools = ["first_tool", "second_tool"];
const posix = process.platform !== "win32";
const env = { PATH: process.env.PATH };
/** Far over what a test may take. */
const NEVER_MS = 600_000;
/** For what never happens. */
const SOON_MS = 500;
const eras = { "2025-11-25": listTools2025, "2026-07-28": listTools2026 };

function stdioOf(script: string, timeoutMs = NEVER_MS) {
  const server = startStdio(["-e", script], { cwd: tempFolder(), env, timeoutMs });
  onTestFinished(() => server.kill());
  return server;
}

for (const [era, listTools] of Object.entries(eras)) {
  test(`lists the tools of a server on the SDK over stdio as a client of ${era}`, async () => {
    const server = startStdio([fixture, "stdio"], { cwd: tempFolder(), env });
    onTestFinished(() => server.kill());
    expect(await listTools(server)).toEqual(tools);
    expect(await server.end()).toBe(0);
  });
}

test("lists the tools of a server on the SDK over HTTP in both eras", async () => {
  const server = await startHttp([fixture, "http"], { cwd: tempFolder(), env });
  onTestFinished(() => server.kill());
  expect(await listTools2025(connectHttp2025(server.url))).toEqual(tools);
  expect(await listTools2026(connectHttp2026(server.url))).toEqual(tools);
  if (posix) expect(await server.terminate()).toBe(0);
});

test("says so when a server does not answer, with what it wrote to stderr", async () => {
  const server = stdioOf(`console.error("no key"); process.stdin.resume()`, SOON_MS);
  await expect.poll(() => server.stderr()).toContain("no key");
  await expect(listTools2025(server)).rejects.toThrow(/initialize: no answer within .* no key/s);
});

test("waits for no answer of a server that has ended, and says how it did", async () => {
  const script = `console.error("no module"); process.exit(3)`;
  const server = stdioOf(script);
  await expect(listTools2025(server)).rejects.toThrow(
    /initialize: ended with 3, without an answer.*no module/s,
  );
});

test("says so when stdout carries more than protocol", async () => {
  const reply = `{ jsonrpc: "2.0", id: 1, result: {} }`;
  const server = stdioOf(`process.stdin.once("data", () => {
    console.log("Server started"); console.log(JSON.stringify(${reply})); })`);
  await expect(server.request("ping", {})).rejects.toThrow("more than protocol: Server started");
});

test("says so when a server stays after the end of stdin, or ends badly", async () => {
  const staying = stdioOf(`setInterval(() => {}, 1000); process.stdin.resume()`, SOON_MS);
  await expect(staying.end()).rejects.toThrow("does not end with stdin");
  expect(await stdioOf(`process.stdin.resume().on("end", () => process.exit(4))`).end()).toBe(4);
});

test("says why an HTTP server does not come up", async () => {
  const start = (script: string, timeoutMs: number) =>
    startHttp(["-e", script], { cwd: tempFolder(), env, timeoutMs });
  const ended = start(`console.error("port in use"); process.exit(1)`, NEVER_MS);
  await expect(ended).rejects.toThrow(/ended with 1 before it listened.*port in use/s);
  await expect(start(`setInterval(() => {}, 1000)`, SOON_MS)).rejects.toThrow("told no address");
});

test.runIf(posix)("says so when an HTTP server does not end on SIGTERM", async () => {
  const script = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);
    console.error(JSON.stringify({ msg: "listening", url: "http://127.0.0.1:1/mcp" }))`;
  // longer only where even the start takes longer
  const start = (timeoutMs: number): Promise<HttpServer> =>
    startHttp(["-e", script], { cwd: tempFolder(), env, timeoutMs }).catch((error: unknown) =>
      timeoutMs < 20_000 ? start(5 * timeoutMs) : Promise.reject(error),
    );
  const server = await start(1_000);
  onTestFinished(() => server.kill());
  await expect(server.terminate()).rejects.toThrow("does not end on SIGTERM");
});

test("refuses an answer to another request, an error and a list without names", async () => {
  expect(() => resultOf({ jsonrpc: "2.0", id: 2, result: {} }, 1, "m")).toThrow("not an answer");
  const error = { jsonrpc: "2.0", id: 1, error: { code: -32601, message: "Method not found" } };
  expect(() => resultOf(error, 1, "m")).toThrow("m: error -32601: Method not found");
  const connection = {
    request: async () => ({ supportedVersions: ["2026-07-28"], tools: [{ title: "no name" }] }),
    notify: async () => {},
  };
  await expect(listTools2026(connection)).rejects.toThrow("a tool without a name");
  await expect(listTools2025(connection)).rejects.toThrow("answered with version undefined");
});

test("reads the messages of an event stream", () => {
  const stream = ': ping\n\nevent: message\ndata: {"a":\ndata: 1}\n\ndata:{"b":2}\r\n\r\n';
  expect(eventMessages(stream)).toEqual([{ a: 1 }, { b: 2 }]);
});
