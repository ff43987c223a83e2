import { beforeAll, describe, expect, test } from "vitest";
import { expectToolError } from "#shared/testing/call.ts";
import { httpChannel, stdioChannel } from "#shared/testing/channels.ts";
import { type RawHttp, startHttp } from "#shared/testing/http.ts";
import {
  type AskedClient,
  type AskedOptions,
  connectAsked1,
  connectAsked2,
  returned,
} from "./support/asking-client.ts";
import { probeProcess } from "./support/probe.ts";

let http: RawHttp;
/** Asks clients of 2025 on the stream of their call. */
let asking: RawHttp;
beforeAll(async () => {
  http = await startHttp(probeProcess("http"));
  asking = await startHttp({ ...probeProcess("http"), env: { ASK_OVER_HTTP: "true" } });
  return async () => {
    await Promise.all([http.stop(), asking.stop()]);
  };
});

const stdio = () => stdioChannel(probeProcess("stdio"));

const answering: [string, (options?: AskedOptions) => Promise<AskedClient>][] = [
  ["2026 over HTTP", (options) => connectAsked2(httpChannel(http.url), "auto", options)],
  ["2026 over stdio", (options) => connectAsked2(stdio(), "auto", options)],
  ["2025 over stdio, the 2.x client", (options) => connectAsked2(stdio(), "legacy", options)],
  ["2025 over stdio, the 1.x client", (options) => connectAsked1(stdio(), options)],
  [
    "2025 over HTTP where it is switched on, the 2.x client",
    (options) => connectAsked2(httpChannel(asking.url), "legacy", options),
  ],
  [
    "2025 over HTTP where it is switched on, the 1.x client",
    (options) => connectAsked1(httpChannel(asking.url), options),
  ],
];

describe.each(answering)("%s", (_, connect) => {
  test("a form, the model and the folders are asked for at once and all answers come back", async () => {
    const client = await connect();
    expect(returned(await client.call("ask_all"))).toEqual({
      form: { action: "accept", content: { color: "red" } },
      model: { type: "text", text: "hello" },
      roots: [{ uri: "file:///work", name: "work" }],
    });
    expect(client.asked).toEqual(["Which color?"]);
  });

  test("a second question comes after the answer to the first, which is kept", async () => {
    const answer = (message: string) => ({
      action: "accept" as const,
      content: { color: message.startsWith("First") ? "red" : "blue" },
    });
    const client = await connect({ answer });
    expect(returned(await client.call("ask_twice", { topic: "art" }))).toEqual({
      topic: "art",
      first: { action: "accept", content: { color: "red" } },
      second: { action: "accept", content: { color: "blue" } },
    });
    expect(client.asked).toEqual(["First of art?", "Second of art?"]);
  });

  test("a user who declines is an answer, not a failure", async () => {
    const client = await connect({ answer: () => ({ action: "decline" }) });
    expect(returned(await client.call("ask_too", { topic: "x" }))).toEqual({
      first: { action: "decline" },
    });
  });
});

test.each([
  ["the 1.x client", (url: string) => connectAsked1(httpChannel(url))],
  ["the 2.x client as of 2025", (url: string) => connectAsked2(httpChannel(url), "legacy")],
])("2025 over HTTP: %s gets a clear error at once and nobody is asked", async (_, connect) => {
  const client = await connect(http.url);
  const error = expectToolError(await client.call("ask_all"), "UNAVAILABLE");
  expect(error.details).toEqual({ reason: "cannot_ask" });
  expect(client.asked).toEqual([]);
});

test("2025: a client that cannot be asked gets a tool error that names what it lacks", async () => {
  const client = await connectAsked1(stdio(), { capabilities: { roots: {} } });
  const error = expectToolError(await client.call("ask_all"), "UNAVAILABLE");
  expect(error.details).toEqual({
    reason: "missing_capability",
    requiredCapabilities: ["elicitation", "sampling"],
  });
});

test.each([
  ["HTTP", () => httpChannel(http.url)],
  ["stdio", stdio],
])("2026 over %s: a client that cannot be asked gets error -32021", async (_, channel) => {
  const client = await connectAsked2(channel(), "auto", { capabilities: { roots: {} } });
  await expect(client.call("ask_all")).rejects.toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { elicitation: {}, sampling: {} } },
  });
});
