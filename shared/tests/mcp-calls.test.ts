import { beforeAll, describe, expect, test } from "vitest";
import { type Channel, httpChannel, stdioChannel } from "#shared/testing/channels.ts";
import { type RawHttp, startHttp } from "#shared/testing/http.ts";
import { ERAS, headersFor, isObject, paramsFor, resultOf } from "#shared/testing/messages.ts";
import { until } from "#shared/testing/within.ts";
import { connectAsked1, connectAsked2, returned } from "./support/asking-client.ts";
import { logged, probeProcess, startProbeStdio } from "./support/probe.ts";

let http: RawHttp;
beforeAll(async () => {
  http = await startHttp(probeProcess("http"));
  return http.stop;
});

const clients = [
  { name: "the 1.x client", connect: connectAsked1 },
  {
    name: "the 2.x client as of 2025",
    connect: (channel: Channel) => connectAsked2(channel, "legacy"),
  },
  {
    name: "the 2.x client as of 2026",
    connect: (channel: Channel) => connectAsked2(channel, "auto"),
  },
];
const channels = [
  { over: "HTTP", channel: () => httpChannel(http.url) },
  { over: "stdio", channel: () => stdioChannel(probeProcess("stdio")) },
];
const everyWay = clients.flatMap((client) =>
  channels.map((channel) => ({ ...client, ...channel })),
);

test.each(everyWay)("$name over $over sees progress before the result", async (way) => {
  const client = await way.connect(way.channel());
  const seen: unknown[] = [];
  const result = await client.call("progress", {}, { onprogress: (value) => seen.push(value) });
  expect(returned(result)).toBeNull();
  // the last report may come with the result, when a client library stops listening
  expect(seen.slice(0, 2)).toMatchObject([
    { progress: 1, total: 3, message: "step 1" },
    { progress: 2, total: 3, message: "step 2" },
  ]);
});

describe("messages for the client's log", () => {
  const said = (level: string) => ({ said: level });

  test.each(clients.slice(0, 2))(
    "2025 over stdio: $name gets them from the level it set",
    async (way) => {
      const client = await way.connect(stdioChannel(probeProcess("stdio")));
      await client.setLevel("warning");
      await client.call("notify");
      await until(() => client.notices.length >= 2, "Two messages");
      expect(client.notices).toEqual([said("warning"), said("error")]);
      await client.setLevel("debug");
      await client.call("notify");
      await until(() => client.notices.length >= 6, "Four more messages");
      expect(client.notices.slice(2)).toEqual(["debug", "info", "warning", "error"].map(said));
    },
  );

  /** The messages on the stream of one call of 2026-07-28, which states its level itself. */
  async function streamOf(level: string | undefined): Promise<string> {
    const _meta = level === undefined ? {} : { "io.modelcontextprotocol/logLevel": level };
    const params = paramsFor("modern", { name: "notify", arguments: {}, _meta });
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    return (await http.post(body, headersFor("modern", "tools/call", params))).text();
  }

  test("2026 over HTTP: from the level of the request, and none without one", async () => {
    const heard = async (level?: string) =>
      [...(await streamOf(level)).matchAll(/"data":\{"said":"(\w+)"\}/g)].map(([, name]) => name);
    expect(await heard("warning")).toEqual(["warning", "error"]);
    expect(await heard("debug")).toEqual(["debug", "info", "warning", "error"]);
    expect(await heard()).toEqual([]);
  });

  test("2026 over stdio: from the level of the request, and none without one", async () => {
    const raw = await startProbeStdio({ era: "modern" });
    await raw.request("tools/call", { name: "notify", arguments: {} });
    const _meta = { "io.modelcontextprotocol/logLevel": "error" };
    await raw.request("tools/call", { name: "notify", arguments: {}, _meta });
    const heard = raw.stdout.all.filter((line) => line.includes("notifications/message"));
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain('"said":"error"');
  });
});

describe("a cancelled call stops", () => {
  test.each(ERAS)(
    "over stdio by message (%s), is not answered, and the next one is",
    async (era) => {
      const raw = await startProbeStdio({ era });
      const id = raw.begin("tools/call", { name: "wait", arguments: { ms: 60_000, label: era } });
      await logged(raw, "waiting", era);
      raw.notify("notifications/cancelled", { requestId: id });
      await logged(raw, "stopped", era);
      expect(
        resultOf(await raw.request("tools/call", { name: "count_runs", arguments: {} })),
      ).toBeDefined();
      const answers = raw.stdout.all.filter((line) => line.includes(`"id":${id}`));
      expect(answers.filter((line) => !line.includes('"method"'))).toEqual([]);
    },
  );

  test.each(ERAS)("over HTTP when the client leaves (%s)", async (era) => {
    const label = `left ${era}`;
    const params = paramsFor(era, { name: "wait", arguments: { ms: 60_000, label } });
    const leaving = new AbortController();
    const answer = fetch(http.url, {
      method: "POST",
      headers: headersFor(era, "tools/call", params),
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
      signal: leaving.signal,
    }).then((response) => response.text());
    answer.catch(() => {});
    await logged(http, "waiting", label);
    leaving.abort();
    await logged(http, "stopped", label);
    await expect(answer).rejects.toThrow();
  });

  test.each(clients.slice(1))("by $name over HTTP that gives up", async (way) => {
    const client = await way.connect(httpChannel(http.url));
    const label = `cancelled by ${way.name}`;
    const cancel = new AbortController();
    const call = client.call("wait", { ms: 60_000, label }, { signal: cancel.signal });
    call.catch(() => {});
    await logged(http, "waiting", label);
    cancel.abort("enough");
    await expect(call).rejects.toThrow();
    // as of 2025 only a closed connection says so over HTTP
    await client.close();
    await logged(http, "stopped", label);
  });
});

test("2025 over stdio: an answer that does not fit the form does not reach the handler", async () => {
  let times = 0;
  const answer = () => {
    times += 1;
    return { action: "accept" as const, content: { color: times === 1 ? "green" : "blue" } };
  };
  const client = await connectAsked1(stdioChannel(probeProcess("stdio")), { answer });
  const value = returned(await client.call("ask_too", { topic: "x" }));
  expect(JSON.stringify(value)).not.toContain("green");
  expect(isObject(value) ? value.first : String(value)).toBeDefined();
});
