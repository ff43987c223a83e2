import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Caller } from "../src/access/caller.ts";
import type { EndedCall } from "../src/activity/activity.ts";
import { Counts } from "../src/activity/counts.ts";
import { callLine, MAX_UNHASHED, membersOf } from "../src/audit/line.ts";

const KEY = "k".repeat(32);
const counts = new Counts("alpha", "tools/call", "see");

const callerOf = (id: string, address: string) =>
  new Caller(
    {
      kind: "key",
      id,
      scopes: [],
      principal: { id, scopes: [] },
      viewer: {},
      isAdmin: false,
      maySeeMetrics: false,
    },
    address,
    {},
  );

const ada = callerOf("key:ada", "127.0.0.1");

const callOf = (more: Partial<EndedCall> = {}): EndedCall => ({
  counts,
  surface: "mcp",
  caller: ada,
  context: { era: "modern", signal: new AbortController().signal },
  input: { city: "Lisbon", made_up: 1 },
  outcome: "ok",
  reason: undefined,
  startedAt: Date.UTC(2026, 10, 21, 10, 20, 30, 7),
  ms: 1.234,
  answered: 12,
  isDestructive: false,
  argumentNames: new Map([["city", '"city"']]),
  traceId: undefined,
  ...more,
});

const lineOf = (call: EndedCall, key: string | undefined = KEY) =>
  JSON.parse(`{${membersOf(callLine(call, key), key)}}`);

const hashOf = (input: unknown) =>
  createHash("sha256")
    .update(KEY + JSON.stringify(input))
    .digest("base64url");

describe("a line of the audit log", () => {
  it("is all that is written of a call", () => {
    expect(lineOf(callOf({ traceId: "a1" }))).toEqual({
      ts: "2026-11-21T10:20:30.007Z",
      event: "tool.call",
      decision: "allow",
      outcome: "ok",
      principal: { type: "key", id: "key:ada" },
      src: { ip: "127.0.0.1", surface: "mcp", era: "modern" },
      target: { server: "alpha", tool: "see", destructive: false },
      result: { characters: 12 },
      ms: 1.23,
      trace: "a1",
      args: { keys: ["city"], bytes: 29, hash: hashOf({ city: "Lisbon", made_up: 1 }) },
    });
    const keyless = callLine(callOf(), undefined);
    expect(membersOf(keyless, undefined)).toContain('"args":{"keys":["city"]}');
    expect(keyless.text).toBeUndefined();
    expect(lineOf(callOf({ input: undefined }))).not.toHaveProperty("args");
  });

  it.each([
    [
      "caller",
      callOf({ caller: callerOf("key:bob", "127.0.0.1") }),
      { principal: { id: "key:bob" } },
    ],
    ["address", callOf({ caller: new Caller(ada.identity, "::1", {}) }), { src: { ip: "::1" } }],
    ["surface", callOf({ surface: "rest" }), { src: { surface: "rest" } }],
    ["outcome", callOf({ outcome: "denied" }), { outcome: "denied", decision: "deny" }],
    ["reason", callOf({ reason: "thrown" }), { reason: "thrown" }],
    [
      "era",
      callOf({ context: { ...callOf().context, era: "legacy" } }),
      { src: { era: "legacy" } },
    ],
    ["hint", callOf({ isDestructive: true }), { target: { destructive: true } }],
    [
      "second",
      callOf({ startedAt: Date.UTC(2026, 10, 21, 10, 21) }),
      { ts: "2026-11-21T10:21:00.000Z" },
    ],
    ["nobody", callOf({ caller: undefined }), { principal: null, src: { ip: "" } }],
  ])("is of its own call, and not of the one before: %s", (_, other, expected) => {
    const before = lineOf(callOf());
    expect(lineOf(other)).toMatchObject(expected);
    expect(lineOf(callOf())).toEqual(before);
  });

  it.each([MAX_UNHASHED, MAX_UNHASHED + 1])(
    "has the same hash of arguments of %i characters, and keeps only short ones until it is written",
    (length) => {
      const input = { city: "x".repeat(length - JSON.stringify({ city: "" }).length) };
      const made = callLine(callOf({ input }), KEY);
      expect(made.text === undefined).toBe(length > MAX_UNHASHED);
      expect(lineOf(callOf({ input })).args).toEqual({
        keys: ["city"],
        bytes: length,
        hash: hashOf(input),
      });
    },
  );
});
