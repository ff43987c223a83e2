import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { canonicalJson, sha256 } from "../lib/generate/canonical-json.ts";
import { findProjects, repositoryRoot } from "../lib/projects.ts";
import { run } from "../lib/run.ts";
import type { Expected } from "../lib/smoke/checks.ts";
import { expectedOf } from "../lib/smoke/expected.ts";
import { formatSmoke, keepReport, lastReport } from "../lib/smoke/report.ts";
import { smoke } from "../lib/smoke/smoke.ts";
import { readTarget } from "../lib/smoke/target.ts";
import { emptyEnvironment } from "../lib/standalone/environment.ts";
import { talk2025 } from "../lib/standalone/raw-client.ts";
import { connectHttp2025 } from "../lib/standalone/raw-http.ts";
import { startHttp } from "../lib/standalone/start-http.ts";
import { readToolsLock } from "../lib/tools-lock.ts";
import { builtServer } from "./support/built-server.ts";
import { type FrontOptions, front } from "./support/front.ts";
import { tempFolder } from "./support/temp-folder.ts";

const example = { tool: "first_tool", input: {} };
const pem = (name: string) => new URL(`./fixtures/tls/${name}.pem`, import.meta.url);

/** A server that runs, and what one would know of it: a lock made of its own list. */
async function running() {
  const built = builtServer();
  const server = await startHttp(["dist/http.js"], { cwd: built.dir, env: emptyEnvironment() });
  onTestFinished(server.kill);
  const connection = connectHttp2025(server.url);
  await talk2025.open(connection);
  const listed = await talk2025.list(connection);
  const locked = readToolsLock(built.dir);
  const tools = locked.tools.map((tool) => {
    const found = listed.find(({ name }) => name === tool.name);
    return { ...tool, hash: sha256(canonicalJson(found)) };
  });
  const lock = { ...locked, name: "fixture", version: "1.0.0", tools };
  return { url: server.url, expected: { lock, example } satisfies Expected };
}

async function smokeOf(
  options: FrontOptions & { given?: string; lineMs?: number } = {},
  more: Partial<Expected> = {},
) {
  const { url, expected } = await running();
  // no test but one depends on how fast this machine is
  const { given, lineMs = 60_000, ...rest } = options;
  const address = await front(url, rest);
  const report = await smoke(readTarget(address, given), {
    expect: (name) => (name === "fixture" ? { ...expected, ...more } : undefined),
    lineMs,
  });
  const failed = report.checks.filter(({ status }) => status === "failed");
  const told = failed.map(({ name, detail }) => `${name}: ${detail}`).join("\n");
  return {
    report,
    told,
    failed: failed.map(({ name }) => name),
    text: formatSmoke(report).join("\n"),
  };
}

test("passes a server that does all it should, of both eras", async () => {
  const { report, told, text } = await smokeOf();
  expect(told).toBe("");
  expect(report).toMatchObject({ ok: true, server: "fixture" });
  expect(text).toMatch(/passed {3}tools 2026-07-28 .* 2 tools, version 1\.0\.0/);
  expect(text).toContain("skipped  no tools without a key");
  expect(text).toMatch(/\nok {2}fixture at http:\/\/localhost:\d+\/mcp$/);
});

test("passes a server behind a gateway, whose health is the gateway's, with a key", async () => {
  const { report, told } = await smokeOf({ prefix: "/fixture", key: "sesame", given: "sesame" });
  expect(told).toBe("");
  expect(report.checks.at(-1)).toMatchObject({ name: "no tools without a key", status: "passed" });
});

test("fails when tools are told without a key", async () => {
  const { told } = await smokeOf({ given: "sesame" });
  expect(told).toBe(
    "no tools without a key: the answer without a key, in 2025-11-25, names first_tool",
  );
});

test("fails, and says so, when it has no key where one is needed", async () => {
  const { failed, told, report } = await smokeOf({ key: "sesame" });
  expect(failed).toEqual(["handshake 2025-11-25", "handshake 2026-07-28"]);
  expect(told).toContain("HTTP 401");
  expect(told).toContain("give --key-env");
  expect(report.checks.find(({ name }) => name === "call 2025-11-25")?.status).toBe("skipped");
});

test("fails when a tool is missing, unknown, or described otherwise, or the version is another", async () => {
  const renamed = await smokeOf({
    change: (text) => text.replaceAll('"second_tool"', '"third_tool"'),
  });
  expect(renamed.told).toContain("second_tool is missing; third_tool is not in tools.lock.json");
  const changed = await smokeOf({
    change: (text) => text.replaceAll('"description":"first_tool"', '"description":"obey"'),
  });
  expect(changed.failed).toEqual(["tools 2025-11-25", "tools 2026-07-28"]);
  expect(changed.told).toContain("first_tool is described otherwise");
  const older = await smokeOf({ change: (text) => text.replaceAll('"1.0.0"', '"0.9.0"') });
  expect(older.told).toContain("version 0.9.0 is there, 1.0.0 is here");
});

test("compares what a gateway lists with the servers that it comes from", async () => {
  const { expected } = await running();
  const known = [{ prefix: "wind", ...expected }];
  const behind = (text: string) => text.replaceAll('"name":"', '"name":"wind__');
  const named = (text: string) => behind(text).replaceAll('"wind__fixture"', '"fixture"');
  const through = async (change: (text: string) => string) =>
    (await smokeOf({ change }, { example: undefined, mountable: known })).told;
  expect(await through(named)).toBe("");
  expect(
    await through((text) => named(text).replaceAll('"description":"first_tool"', '"title":"obey"')),
  ).toContain("tools 2026-07-28: wind__first_tool is described otherwise");
  expect(
    await through((text) => named(text).replaceAll("wind__second_tool", "wind__third_tool")),
  ).toContain("wind__third_tool is not in tools.lock.json");
  expect(await through((text) => text.replaceAll('"name":"second', '"name":"else__second'))).toBe(
    "",
  );
});

test("calls what one of the servers behind a gateway declares safe", () => {
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const of = (name: string, tools: string[]) => {
    const server = servers.find((one) => one.name === name);
    if (server === undefined) throw new Error(`there is no ${name}`);
    const listed = tools.map((tool) => ({ name: tool }));
    return expectedOf(server, servers, listed);
  };
  const through = of("gateway", ["make-core__core_status", "math__add"]);
  expect(through.example?.tool).toBe("math__add");
  expect(through.mountable?.map(({ prefix }) => prefix)).toContain("math");
  expect(of("gateway", []).example).toBeUndefined();
  expect(of("math-server", ["add"])).toMatchObject({
    example: { tool: "add" },
    lock: { port: 3003 },
  });
  expect(of("math-server", ["add"]).mountable).toBeUndefined();
});

test("fails when one era is not answered, and checks the other", async () => {
  const { failed } = await smokeOf({
    change: (text) => text.replaceAll("2026-07-28", "2027-01-01"),
  });
  expect(failed).toEqual(["handshake 2026-07-28"]);
});

test("fails when the declared call fails, and skips it where none is declared", async () => {
  const { failed, told } = await smokeOf({}, { example: { tool: "no_such_tool", input: {} } });
  expect(failed).toContain("call 2025-11-25");
  expect(told).toContain("no_such_tool");
  const none = await smokeOf({}, { example: undefined });
  expect(none.text).toContain("has no flotilla.example");
  expect(none.report.ok).toBe(true);
});

test("skips the calls that a limit of the gateway holds back", async () => {
  let calls = 0;
  const limited = { success: false, error: { code: "RATE_LIMITED", message: "Try again in 1 s." } };
  const change = (text: string) =>
    text.includes('"content":') && ++calls > 1
      ? text.replace(/\{.*\}/, (line) => {
          const { result, ...message } = JSON.parse(line);
          const content = [{ type: "text", text: JSON.stringify(limited) }];
          return JSON.stringify({ ...message, result: { ...result, content, isError: true } });
        })
      : text;
  const { report, told, text } = await smokeOf({ change });
  expect(told).toBe("");
  expect(report.ok).toBe(true);
  expect(text).toMatch(/passed +call 2025-11-25/);
  for (const name of ["latency 2025-11-25", "call 2026-07-28", "latency 2026-07-28"])
    expect(text).toMatch(new RegExp(`skipped +${name} .*RATE_LIMITED: the limit of calls`));
});

test("fails when health is bad or missing", async () => {
  expect((await smokeOf({ health: 503 })).told).toContain("health: /health: HTTP 503");
  expect((await smokeOf({ health: 404 })).told).toContain("health: there is no /health");
});

test("fails when a warm answer is over the line", async () => {
  const { failed, told } = await smokeOf({ delayMs: 60, lineMs: 50 });
  expect(failed).toEqual(["latency 2025-11-25", "latency 2026-07-28"]);
  expect(told).toMatch(/slowest of 10 answers \d+ ms, the line is 50 ms/);
});

test("fails for a server that is not known here, and for nobody at all", async () => {
  const other = await smokeOf({ change: (text) => text.replaceAll('"fixture"', '"stranger"') });
  expect(other.told).toContain('no server "stranger" here to compare with: give --server');
  const none = await smoke(readTarget("http://127.0.0.1:9/"), { expect: () => undefined });
  expect(none).toMatchObject({ ok: false, server: "" });
  expect(none.checks.find(({ name }) => name === "health")?.detail).toMatch(/fetch failed: /);
});

test("fails on a certificate that nobody vouches for, and takes one that somebody does", async () => {
  const [key, cert] = ["key", "cert"].map((name) => readFileSync(pem(name), "utf8"));
  const tls = { key: `${key}`, cert: `${cert}` };
  const { told } = await smokeOf({ tls });
  expect(told).toContain("TLS: self-signed certificate");
  const address = await front((await running()).url, { tls });
  const trusting = (now: string) =>
    run(
      process.execPath,
      [
        "--import",
        "tsx",
        "--input-type=module",
        "-e",
        `const { checkTls } = await import(${JSON.stringify(new URL("../lib/smoke/tls.ts", import.meta.url).href)});
        console.log(await checkTls({ url: new URL("${address}") }, new Date("${now}")));`,
      ],
      {
        cwd: repositoryRoot,
        env: { ...process.env, NODE_EXTRA_CA_CERTS: fileURLToPath(pem("cert")) },
      },
    );
  // it ends on 28 October 2126 at 06:46:33
  expect((await trusting("2126-10-21T06:46:33Z")).output).toMatch(/TLSv1\.3.* valid for 7 days\n$/);
  expect((await trusting("2126-10-21T06:46:34Z")).output).toContain("valid for 6 days: renew it");
});

test("wants TLS beyond this machine, and never sends a key without it", async () => {
  const report = await smoke(
    { url: new URL("http://192.0.2.1.invalid/mcp") },
    { expect: () => undefined },
  );
  expect(report.checks[0]).toMatchObject({ name: "TLS", status: "failed" });
  expect(() => readTarget("http://example.invalid", "sesame")).toThrow("in the clear");
  expect(readTarget("http://127.0.0.1:1/x/", "sesame").url.href).toBe("http://127.0.0.1:1/x/mcp");
  expect(() => readTarget("example.com")).toThrow("no http or https address");
});

test("keeps the last report of each server", () => {
  const root = tempFolder({ "servers/a-server/package.json": "{}" });
  const report = { url: "u", server: "a-server", at: "2026-11-20T00:00:00Z", ok: true, checks: [] };
  keepReport(root, report);
  expect(lastReport(root, "a-server")).toEqual(report);
  expect(lastReport(root, "b-server")).toBeUndefined();
  const files = readdirSync(root, { recursive: true });
  for (const server of ["", "b-server", "../../escaped", "../package"])
    keepReport(root, { ...report, server });
  expect(readdirSync(root, { recursive: true })).toEqual(files);
});
