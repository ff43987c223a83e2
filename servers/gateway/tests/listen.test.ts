import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { Session } from "../src/foreign/session.ts";
import { Watch } from "../src/foreign/watch.ts";
import type { Wire } from "../src/foreign/wire.ts";
import { DEFAULT_LISTENERS } from "../src/limits/settings.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { eventMessages, headersFor, paramsFor } from "./shared/testing/messages.ts";
import { until } from "./shared/testing/within.ts";
import { addKey, bearer, startGuarded } from "./support/access.ts";
import { testFolder, writeConfig } from "./support/folders.ts";
import { FOREIGN_ERAS, foreignCommand } from "./support/foreign.ts";
import { startFixtures, startWith, type TestGateway } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const METHOD = "subscriptions/listen";

/** Listens until the server ends the stream; the client itself never leaves before the test ends. */
async function listen(
  gateway: TestGateway,
  path: string,
  notifications: object = { toolsListChanged: true },
) {
  const params = paramsFor("modern", { notifications });
  const leave = new AbortController();
  onTestFinished(() => leave.abort());
  const response = await fetch(new URL(path, gateway.url), {
    method: "POST",
    headers: headersFor("modern", METHOD, params),
    body: JSON.stringify({ jsonrpc: "2.0", id: "listening", method: METHOD, params }),
    signal: leave.signal,
  });
  let text = "";
  const ended = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })();
  ended.catch(() => {});
  const heard = () => eventMessages(text);
  await until(() => heard().length > 0, "The acknowledgement");
  return { heard, ended };
}

/** Asks for a stream, which ends with the test. */
async function ask(gateway: TestGateway, path: string, headers: object = {}) {
  const params = paramsFor("modern", { notifications: { toolsListChanged: true } });
  const leave = new AbortController();
  onTestFinished(() => leave.abort());
  const response = await fetch(new URL(path, gateway.url), {
    method: "POST",
    headers: { ...headersFor("modern", METHOD, params), ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: METHOD, params }),
    signal: leave.signal,
  });
  const retryAfter = response.headers.get("retry-after");
  // a response that nobody has any longer is given up, and its stream with it
  return { status: response.status, retryAfter, response, leave: () => leave.abort() };
}

/** Streams that the metrics say are open. */
async function openStreams(gateway: TestGateway, headers: Record<string, string> = {}) {
  const { body } = await gateway.ask("/metrics", { headers });
  return Number(/^mcp_listen_streams (\d+)$/m.exec(body)?.[1]);
}

describe("so many streams are open", () => {
  const full = { status: 429, retryAfter: "10" };

  it("of one principal, at all addresses together, and those that end make room", async () => {
    let [one, two, operator] = [{}, {}, {}];
    const { gateway } = await startGuarded({
      prepare: (folder) => {
        const key = (name: string, scope: string) => bearer(addKey(folder, name, "--scope", scope));
        [one, two, operator] = [key("one", "*"), key("two", "*"), key("operator", "admin")];
      },
    });
    const open = [];
    for (let index = 0; index < DEFAULT_LISTENERS; index++)
      open.push(await ask(gateway, index % 2 === 0 ? "/mcp" : "/alpha/mcp", one));
    expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
    for (const path of ["/mcp", "/alpha/mcp", "/beta/mcp"])
      expect(await ask(gateway, path, one)).toMatchObject(full);
    const other = await ask(gateway, "/mcp", two);
    expect(other.status, "somebody else").toBe(200);
    expect(await openStreams(gateway, operator)).toBe(DEFAULT_LISTENERS + 1);
    open[0]?.leave();
    await until(async () => (await openStreams(gateway, operator)) === DEFAULT_LISTENERS, "Room");
    open.push(other, await ask(gateway, "/beta/mcp", one));
    expect(open.at(-1)?.status).toBe(200);
    expect(await ask(gateway, "/beta/mcp", one)).toMatchObject(full);
  });

  it("of one address where nobody says who they are, and none is left when all have gone", async () => {
    const { gateway } = await startGuarded({
      gateway: { access: undefined, limits: { listeners: 2 }, trustedProxies: ["127.0.0.1"] },
    });
    const from = (address: string) => ask(gateway, "/alpha/mcp", { "x-forwarded-for": address });
    const open = [await from("192.0.2.1"), await from("192.0.2.1"), await from("192.0.2.2")];
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await from("192.0.2.1")).toMatchObject(full);
    expect(await openStreams(gateway)).toBe(3);
    for (const { leave } of open) leave();
    await until(async () => (await openStreams(gateway)) === 0, "The end of all");
    expect(await from("192.0.2.1")).toMatchObject({ status: 200 });
  });
});

const call = (name: string) => ({ name, arguments: {} });

describe.each(["/mcp", "/alpha/mcp"])("who listens at %s", (path) => {
  it("hears that a server's tools changed, once", async () => {
    const gateway = await startFixtures("alpha", "beta");
    const { heard } = await listen(gateway, path);
    await gateway.rpc("alpha", "modern", "tools/call", call("change"));
    await until(() => heard().length > 1, "The notification");
    expect(heard().slice(1)).toMatchObject([{ method: "notifications/tools/list_changed" }]);
  });

  it("is told when the gateway stops, and does not hold it up", async () => {
    const gateway = await startFixtures("alpha");
    const { heard, ended } = await listen(gateway, path);
    gateway.signal("SIGTERM");
    expect(await gateway.exit()).toEqual({ code: 0, signal: null });
    await ended;
    expect(heard().at(-1)).toMatchObject({ id: "listening", result: {} });
  });
});

it("does not tell those who listen to another server", async () => {
  const gateway = await startFixtures("alpha", "beta");
  const { heard } = await listen(gateway, "/beta/mcp");
  await gateway.rpc("alpha", "modern", "tools/call", call("change"));
  await gateway.rpc("beta", "modern", "tools/call", call("change"));
  await until(() => heard().length > 1, "The notification of its own server");
  expect(heard()).toHaveLength(2);
});

describe.each(FOREIGN_ERAS)("who listens to a resource of a foreign server (%s)", (era) => {
  it.each([
    ["/other/mcp", "note://one"],
    ["/mcp", "other+note://one"],
  ])("at %s hears of it", async (path, uri) => {
    const root = await testFolder();
    const gateway = await startWith(await writeConfig(root, { other: foreignCommand(era) }));
    await gateway.says(/^ready +other/);
    const { heard } = await listen(gateway, path, { resourceSubscriptions: [uri] });
    // the wish has to reach the server before it is touched
    await until(async () => {
      await gateway.rpc("other", "modern", "tools/call", call("touch"));
      return heard().length > 1;
    }, "The notification");
    expect(heard()[1]).toMatchObject({
      method: "notifications/resources/updated",
      params: { uri },
    });
  });
});

it("what a server refuses to watch is asked for anew by the next who listens, and nobody ends it", async () => {
  const sent: string[] = [];
  const wire: Wire = {
    request: async ({ method, params }) => {
      const uri = String((params as JsonObject).uri);
      sent.push(`${method} ${uri}`);
      const error = { code: -32002, message: "not found" };
      return { jsonrpc: "2.0", ...(uri === "none://" ? { error } : { result: {} }) };
    },
    send: async () => {},
    onMessage: () => {},
    agreed: () => {},
    close: async () => {},
  };
  const facts = { era: "legacy" as const, info: {}, capabilities: {}, instructions: "" };
  const watch = new Watch(new Session(wire, { name: "test", version: "1" }), facts, () => {});
  for (const uri of ["none://", "none://", "note://", "note://"]) await watch.add(uri);
  await watch.remove("none://");
  await watch.remove("note://");
  expect(sent).toEqual([
    "resources/subscribe none://",
    "resources/subscribe none://",
    "resources/subscribe note://",
  ]);
  await watch.remove("note://");
  expect(sent.at(-1)).toBe("resources/unsubscribe note://");
});
