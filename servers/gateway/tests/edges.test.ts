import { type IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { Listeners } from "#shared/mcp/listeners.ts";
import { connectionSender, trustedProxies } from "../src/access/address.ts";
import { MAX_CREDENTIAL } from "../src/access/credential.ts";
import { KnownCredentials, MAX_REMEMBERED, REMEMBER_MS } from "../src/access/known-credentials.ts";
import { Activity } from "../src/activity/activity.ts";
import { MAX_STREAMS, streamState } from "../src/admin/stream.ts";
import { Audience, MAX_AUDIENCES } from "../src/audience.ts";
import { limitSettings, RULE_LIMITS } from "../src/limits/settings.ts";
import { MAX_ARGUMENTS } from "../src/policy/argument-size.ts";
import { makeGrants, parsePattern } from "../src/policy/grants.ts";
import { Guard } from "../src/policy/guard.ts";
import { AUDIT_MB, ownSettings } from "../src/settings/schema.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { rpc, send, startGuarded } from "./support/access.ts";

beforeAll(() => ensureBuilt(), 60_000);

const identity = {
  kind: "key" as const,
  id: "key:x",
  scopes: [],
  principal: { id: "key:x", scopes: [] },
  viewer: {},
  isAdmin: false,
  maySeeMetrics: false,
};

describe("credentials that are remembered", () => {
  const known = (until = Number.POSITIVE_INFINITY) => ({ identity, audiences: undefined, until });

  /** As each request comes on a connection of its own, unless it is said otherwise. */
  const get = (credentials: KnownCredentials, one: string, now: number, socket = new Socket()) =>
    credentials.of({ headers: { "x-api-key": one }, socket }, now);

  it.each(["of its own", "of the one before"])(
    "are so for a while, and no longer than they hold, on a connection %s",
    (connection) => {
      const kept = connection === "of its own" ? undefined : new Socket();
      const credentials = new KnownCredentials();
      credentials.remember("a", known(), 0);
      expect(get(credentials, "a", REMEMBER_MS - 1, kept)).toBeDefined();
      expect(get(credentials, "a", REMEMBER_MS, kept)).toBeUndefined();
      credentials.remember("b", known(10), 0);
      expect(get(credentials, "b", 9, kept)).toBeDefined();
      expect(get(credentials, "b", 10, kept)).toBeUndefined();
    },
  );

  it("are each of who sends it, also on one connection", () => {
    const credentials = new KnownCredentials();
    const socket = new Socket();
    const other = { ...known(), identity: { ...identity, id: "key:y" } };
    credentials.remember("a", known(), 0);
    credentials.remember("b", other, 0);
    const ids = ["a", "b", "b", "c", "a"].map(
      (one) => get(credentials, one, 1, socket)?.identity.id,
    );
    expect(ids).toEqual(["key:x", "key:y", "key:y", undefined, "key:x"]);
  });

  it("are told apart by the header that they came in, also on one connection", () => {
    const credentials = new KnownCredentials();
    const socket = new Socket();
    const of = (headers: IncomingHttpHeaders) => credentials.of({ headers, socket }, 1);
    credentials.remember("a", known(), 0);
    expect(of({ authorization: "Bearer a" })).toBeDefined();
    expect(of({ "x-api-key": "Bearer a" })).toBeUndefined();
    expect(of({ authorization: "Bearer a" })).toBeDefined();
    expect(of({ authorization: "Bearer b", "x-api-key": "a" })).toBeUndefined();
    expect(of({ "x-api-key": "a" })).toBeDefined();
    expect(of({})).toBeUndefined();
  });

  it("are so many, the oldest makes room", () => {
    const credentials = new KnownCredentials();
    for (let one = 0; one < MAX_REMEMBERED; one++) credentials.remember(`${one}`, known(), 0);
    expect(get(credentials, "0", 1)).toBeDefined();
    credentials.remember("more", known(), 0);
    expect(get(credentials, "0", 1)).toBeUndefined();
    expect(get(credentials, "1", 1)).toBeDefined();
  });
});

it("surfaces are kept for so many sets of grants, the one that was not used for longest makes room", () => {
  const manifest = {
    name: "x",
    version: "1.0.0",
    description: "",
    flotilla: { title: "X", port: 1 },
  };
  const audience = new Audience({
    manifest,
    mounts: () => [],
    log: silentLog,
    push: undefined,
    listeners: new Listeners(),
    guard: new Guard(new Activity()),
    pins: undefined,
  });
  const of = (one: number) => audience.of({ grants: makeGrants([`s${one}:*`], undefined) });
  const first = of(0);
  expect(of(0)).toBe(first);
  for (let one = 1; one < MAX_AUDIENCES; one++) of(one);
  expect(of(0), "was used just now").toBe(first);
  const second = of(1);
  for (let one = 2; one < MAX_AUDIENCES; one++) of(one);
  of(MAX_AUDIENCES);
  expect(of(1)).toBe(second);
  expect(of(0)).not.toBe(first);
});

it("the same grants are the same, however they are written", () => {
  const key = (...scopes: string[]) => makeGrants(scopes, undefined).key;
  expect(key("a:x", "b:*")).toBe(key("b:*", "a:x", "a:x"));
  expect(key("*")).toBe(key("*:*"));
  expect(key("a:x")).not.toBe(key("a:y"));
  expect(makeGrants(["a:x"], ["a"]).key).not.toBe(key("a:x"));
});

it.each(["", ":", "a:", ":x", "A:x", "a:x y", "a:x:y", `a:${"x".repeat(129)}`, "admin", "**:"])(
  "%j is no pattern",
  (text) => {
    expect(parsePattern(text)).toBeUndefined();
  },
);

describe("bounds of the settings", () => {
  const isFine = (limits: object) => limitSettings.safeParse(limits).success;
  const { rate, replicas, listeners } = RULE_LIMITS;

  it("of limits", () => {
    for (const key of ["rate", "burst"])
      for (const [value, fine] of [
        [rate.min, true],
        [rate.max, true],
        [rate.min - 1, false],
        [rate.max + 1, false],
      ])
        expect(isFine({ principal: { rate: 1, [key as string]: value } }), `${key} ${value}`).toBe(
          fine,
        );
    for (const [value, fine] of [
      [replicas.min, true],
      [replicas.max, true],
      [replicas.min - 1, false],
      [replicas.max + 1, false],
    ])
      expect(isFine({ replicas: value }), `replicas ${value}`).toBe(fine);
    for (const [value, fine] of [
      [listeners.min, true],
      [listeners.max, true],
      [listeners.min - 1, false],
      [listeners.max + 1, false],
    ])
      expect(isFine({ listeners: value }), `listeners ${value}`).toBe(fine);
    expect(isFine({ tools: { "no pattern": { rate: 1 } } })).toBe(false);
  });

  it("of the audit log", () => {
    const fine = (maxMb: number) => ownSettings.safeParse({ audit: { file: "x", maxMb } }).success;
    expect([AUDIT_MB.min, AUDIT_MB.max].map(fine)).toEqual([true, true]);
    expect([AUDIT_MB.min - 1, AUDIT_MB.max + 1].map(fine)).toEqual([false, false]);
  });
});

it("a credential has so many characters at most", async () => {
  const { gateway } = await startGuarded({
    prepare: async (root) => {
      const { addKey } = await import("./support/access.ts");
      addKey(root, "one", "--scope", "*");
    },
  });
  const said = async (length: number) =>
    (await rpc(gateway, "/alpha/mcp", "x".repeat(length), "tools/list")).json.error.message;
  expect(await said(MAX_CREDENTIAL)).toContain("not known");
  expect(await said(MAX_CREDENTIAL + 1)).toContain("malformed");
});

it("whoever left before the stream of the state began has no place in it", async () => {
  const sources = { activity: new Activity(), mounts: () => [], pins: undefined };
  const never = new AbortController().signal;
  const stream = (stopping: AbortSignal, signal: AbortSignal) => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    return streamState({ ...sources, stopping }, response, signal).then(() => response);
  };
  for (let times = 0; times <= MAX_STREAMS; times++) {
    expect((await stream(never, AbortSignal.abort())).writableEnded).toBe(true);
    expect((await stream(AbortSignal.abort(), never)).statusCode).toBe(200);
  }
});

it("there are so many streams of the state, and an action has so many bytes", async () => {
  const { gateway } = await startGuarded({ gateway: { access: undefined } });
  const leaving = new AbortController();
  const open = () => fetch(new URL("/admin/api/stream", gateway.url), { signal: leaving.signal });
  const streams = await Promise.all(Array.from({ length: MAX_STREAMS }, open));
  expect(streams.map(({ status }) => status)).toEqual(
    Array.from({ length: MAX_STREAMS }, () => 200),
  );
  expect((await open()).status).toBe(503);
  leaving.abort();
  const url = new URL("/admin/api/stream", gateway.url);
  for (let times = 0; times <= MAX_STREAMS; times++)
    await expect.poll(async () => (await fetch(url, { method: "HEAD" })).status).toBe(200);
  await expect
    .poll(async () => {
      const again = new AbortController();
      const { status } = await fetch(new URL("/admin/api/stream", gateway.url), {
        signal: again.signal,
      });
      again.abort();
      return status;
    })
    .toBe(200);
  const act = (bytes: number) =>
    send(gateway, "/admin/api/actions", {
      method: "POST",
      headers: { "x-flotilla-admin": "1" },
      body: JSON.stringify({ action: "restart", server: "none" }).padEnd(bytes),
    });
  expect((await act(4_096)).status).toBe(409);
  expect((await act(4_097)).status).toBe(413);
});

it("a call has so many characters of arguments, over every surface", async () => {
  const { gateway } = await startGuarded({ gateway: { access: undefined } });
  const city = (length: number) => ({ city: "x".repeat(length - "city".length) });
  const call = async (path: string, name: string, length: number) =>
    (await rpc(gateway, path, undefined, "tools/call", { name, arguments: city(length) })).text;
  for (const [path, name] of [
    ["/alpha/mcp", "see"],
    ["/mcp", "alpha__see"],
  ] as const) {
    expect(await call(path, name, MAX_ARGUMENTS)).toContain("calls");
    expect(await call(path, name, MAX_ARGUMENTS + 1)).toContain("arguments_too_large");
  }
  const rest = (length: number) =>
    send(gateway, "/alpha/tools/see", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(city(length)),
    });
  expect((await rest(MAX_ARGUMENTS)).status).toBe(200);
  expect((await rest(MAX_ARGUMENTS + 1)).status).toBe(413);
});

it("connections are counted by address or network, but for trusted proxies and this machine", () => {
  let proxies = ["10.0.0.0/8"];
  const sender = connectionSender(() => proxies);
  expect(["127.0.0.1", "::ffff:127.0.0.1", "::1", "10.1.2.3"].map(sender)).toEqual(
    Array(4).fill(undefined),
  );
  expect(sender("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(sender("2001:db8:0:1::1")).toBe(sender("2001:db8:0:1::2"));
  expect(sender("2001:db8:0:1::1")).not.toBe(sender("2001:db8:0:2::1"));
  proxies = ["192.0.2.1"];
  expect([sender("192.0.2.1"), sender("10.1.2.3")]).toEqual([undefined, "10.1.2.3"]);
});

describe("trusted proxies", () => {
  it.each([
    "10.0.0.0/",
    "10.0.0.0/8/",
    "10.0.0.0/8/9",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/ 8",
    "10.0.0.0/1e1",
    "10.0.0.0/0x8",
    "10.0.0.0/8.0",
    "::/",
    "::1/129",
    "::1/0032",
    "/8",
    "10.0.0",
    "fe80::1%eth0/64",
    "localhost",
  ])("%j is neither an address nor a network", (entry) => {
    expect(() => trustedProxies([entry])).toThrow(`"${entry}" is neither an address nor a network`);
  });

  it.each([
    ["10.1.2.3", "10.1.2.3", "10.1.2.4"],
    ["10.1.0.0/16", "10.1.255.255", "10.2.0.0"],
    ["10.1.2.3/32", "10.1.2.3", "10.1.2.2"],
    ["2001:db8::/64", "2001:db8::ffff", "2001:db8:0:1::1"],
    ["2001:db8::1/128", "2001:db8::1", "2001:db8::2"],
  ])("%s is what it says, to its edge", (entry, inside, outside) => {
    const list = trustedProxies([entry]);
    const has = (address: string) => list.check(address, address.includes(":") ? "ipv6" : "ipv4");
    expect([has(inside), has(outside)]).toEqual([true, false]);
  });
});
