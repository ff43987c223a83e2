import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { redact } from "../src/link/redact.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { addKey, bearer, rpc, send, startGuarded } from "./support/access.ts";
import { startCollector } from "./support/collector.ts";
import { testFolder, writeServer } from "./support/folders.ts";

beforeAll(() => ensureBuilt(), 60_000);

const SEEING = `export { server } from ${JSON.stringify(new URL("fixtures/seeing-package.js", import.meta.url).href)};`;
const PLANTED = {
  argument: "sk-CANARY-argument-1f0e-0123456789",
  upstream: "CANARY-upstream-2a7b",
  cookie: "CANARY-cookie-3c9d",
  query: "CANARY-query-4b1c",
  environment: "CANARY-environment-5d2e",
  pepper: `CANARY-pepper-${"p".repeat(32)}`,
  audit: `CANARY-audit-${"a".repeat(32)}`,
  redis: "CANARY-redis-6e3f",
  wrongKey: `gw_000000000000_${"CANARY-wrong-key-7f4a".padEnd(43, "x")}`,
  toolName: "CANARY-tool-8a5b",
};

it("what is planted in arguments, headers, addresses, keys and a child's stderr is in no log, metric, audit line, span, state or error", async () => {
  const collector = await startCollector();
  const folder = await writeServer(await testFolder(), "seeing-server", SEEING);
  let key = "";
  let admin = "";
  const { root, gateway } = await startGuarded({
    entries: {
      alpha: {
        package: folder,
        isolation: "process",
        credentials: ["token"],
        env: { PRINTED_TOKEN: PLANTED.environment },
      },
    },
    env: {
      LOG_LEVEL: "debug",
      GATEWAY_KEY_PEPPER: PLANTED.pepper,
      GATEWAY_AUDIT_KEY: PLANTED.audit,
      GATEWAY_REDIS_URL: `redis://:${PLANTED.redis}@127.0.0.1:1`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: "50",
    },
    gateway: { audit: { file: "audit.jsonl" }, pins: { file: "pins.json" } },
    prepare: (path) => {
      key = addKey(path, "one", "--scope", "alpha:*");
      admin = addKey(path, "operator", "--scope", "admin");
    },
  });
  const errors: string[] = [];
  const headers = {
    "x-upstream-alpha-token": PLANTED.upstream,
    cookie: PLANTED.cookie,
    traceparent: PLANTED.cookie,
  };
  const call = async (name: string, given: object, credential = key, more: object = headers) => {
    const path = `/alpha/mcp?token=${PLANTED.query}`;
    const answers = [
      await rpc(
        gateway,
        path,
        credential,
        "tools/call",
        { name, arguments: given },
        { headers: more },
      ),
      await send(gateway, `/alpha/tools/${name}?token=${PLANTED.query}`, {
        method: "POST",
        headers: { ...bearer(credential), "content-type": "application/json", ...more },
        body: JSON.stringify(given),
      }),
    ];
    return answers.map(({ text }) => text);
  };
  const planted = { say: PLANTED.argument, [PLANTED.argument]: { deep: [PLANTED.argument] } };
  await call("print", planted);
  errors.push(...(await call("fail", planted)));
  errors.push(...(await call("print", planted, PLANTED.wrongKey)));
  errors.push(...(await call("print", planted, key, { cookie: PLANTED.cookie })));
  errors.push(
    (
      await send(gateway, "/alpha/tools/print", {
        method: "POST",
        headers: { ...bearer(key), ...headers, "content-type": "application/json" },
        body: `{"say":"${PLANTED.argument}"`,
      })
    ).text,
  );
  errors.push(
    (await rpc(gateway, "/mcp", key, "resources/read", { uri: "note://none" }, { headers })).text,
  );
  await call(PLANTED.toolName, {});

  const file = join(root, "audit.jsonl");
  await until(
    async () => (await readFile(file, "utf8")).includes('"tool":"fail"'),
    "The audit log",
  );
  await until(() => collector.spans.length >= 4, "The spans");
  const places = {
    "stderr of the gateway": gateway.stderr.text(),
    stdout: gateway.stdout.text(),
    metrics: (await send(gateway, "/metrics", { headers: bearer(admin) })).text,
    state: (await send(gateway, "/admin/api/state", { headers: bearer(admin) })).text,
    audit: await readFile(file, "utf8"),
    pins: await readFile(join(root, "pins.json"), "utf8"),
    keys: await readFile(join(root, "gateway-keys.json"), "utf8"),
    spans: collector.text(),
    errors: errors.join("\n"),
  };
  expect(places.metrics, "the right place was asked").toContain('tool="print"');
  expect(places["stderr of the gateway"], "a child's stderr is logged").toContain("said on stderr");
  for (const [place, text] of Object.entries(places)) {
    expect(text, place).not.toContain(key.slice(-43));
    for (const [what, value] of Object.entries(PLANTED)) {
      expect(text, `${what} in ${place}`).not.toContain(value);
    }
  }
});

it.each([
  ["Authorization: Bearer abcdefgh12345", "Bearer abcdefgh12345"],
  ["using Basic dXNlcjpwYXNz now", "dXNlcjpwYXNz"],
  ['{"api_key":"abcd1234"}', "abcd1234"],
  ["password=hunter22 next", "hunter22"],
  ["token: 0123456789", "0123456789"],
  ["postgres://user:hunter22@host/db", "hunter22"],
  ["got ghp_0123456789abcdefghij0123", "ghp_0123456789abcdefghij0123"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "eyJzdWIiOiIxIn0"],
  [`gw_0123456789ab_${"x".repeat(43)}`, "x".repeat(43)],
])("what looks like a secret is hidden in what a server prints: %j", (text, secret) => {
  expect(redact(text)).not.toContain(secret);
  expect(redact(text)).toContain("[secret]");
});

it("other words stay as they are", () => {
  const plain = "listening on http://127.0.0.1:3000 with 3 tokens left";
  expect(redact(plain)).toBe(plain);
});
