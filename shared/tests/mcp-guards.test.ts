import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accessPolicy,
  checkAccess,
  isDeeperThan,
  isLoopback,
  MAX_BODY_BYTES,
  MAX_JSON_DEPTH,
  parseBody,
} from "#shared/mcp/guards.ts";

const local = accessPolicy("127.0.0.1", [], []);
const named = accessPolicy(
  "0.0.0.0",
  ["api.example.com", "Upper.Example"],
  ["https://app.example.com"],
);
const open = accessPolicy("0.0.0.0", [], []);
const status = (...args: Parameters<typeof checkAccess>) => checkAccess(...args)?.status ?? 200;

describe("the Host header", () => {
  test.each([
    ["localhost", 200],
    ["localhost:8080", 200],
    ["LocalHost:8080", 200],
    ["127.0.0.1", 200],
    ["127.0.0.1:65535", 200],
    ["[::1]", 200],
    ["[::1]:3000", 200],
    ["[0:0:0:0:0:0:0:1]:3000", 200],
    ["localhost.", 403],
    ["localhost.evil.example", 403],
    ["evil.example", 403],
    ["evil.example:80", 403],
    ["127.0.0.1.evil.example", 403],
    ["127.0.0.2", 403],
    ["0.0.0.0", 403],
    ["[::ffff:127.0.0.1]", 403],
    ["user@localhost", 400],
    ["localhost@evil.example", 400],
    ["user:pass@localhost", 400],
    ["localhost/path", 400],
    ["localhost?x", 400],
    ["localhost#x", 400],
    ["localhost\\x", 400],
    ["localhost, evil.example", 400],
    ["localhost:port", 400],
    ["[::1", 400],
    ["", 400],
    [undefined, 400],
  ])("on a loopback address: %j gets %i", (host, expected) => {
    expect(status(local, host, undefined)).toBe(expected);
  });

  test.each([
    ["api.example.com", 200],
    ["API.example.com:443", 200],
    ["upper.example", 200],
    ["localhost:3000", 200],
    ["other.example.com", 403],
    ["api.example.com.evil.example", 403],
    ["user@api.example.com", 400],
  ])("with ALLOWED_HOSTS: %j gets %i", (host, expected) => {
    expect(status(named, host, undefined)).toBe(expected);
  });

  test("on another address any name is answered while none is configured, but no nonsense", () => {
    expect(status(open, "anything.example", undefined)).toBe(200);
    expect(status(open, "a@b", undefined)).toBe(400);
  });
});

describe("the Origin header", () => {
  test.each([
    [undefined, 200],
    ["http://localhost", 200],
    ["http://localhost:5173", 200],
    ["https://localhost", 200],
    ["HTTP://LOCALHOST:5173", 200],
    ["http://127.0.0.1:1", 200],
    ["http://[::1]:5173", 200],
    ["null", 403],
    ["", 403],
    ["localhost", 403],
    ["http://localhost.", 403],
    ["http://localhost/", 403],
    ["http://localhost/path", 403],
    ["http://localhost@evil.example", 403],
    ["http://evil.example@localhost", 403],
    ["http://localhost.evil.example", 403],
    ["http://evil.example", 403],
    ["http://evil.example#localhost", 403],
    ["http://localhost, http://evil.example", 403],
    ["http://localhost,http://localhost", 403],
    ["file://localhost", 403],
    ["chrome-extension://localhost", 403],
    ["ftp://localhost", 403],
  ])("on a loopback address: %j gets %i", (origin, expected) => {
    expect(status(local, "localhost", origin)).toBe(expected);
  });

  test.each([
    ["https://app.example.com", 200],
    ["HTTPS://App.Example.com", 200],
    ["http://app.example.com", 403],
    ["https://app.example.com:8443", 403],
    ["https://app.example.com.evil.example", 403],
    ["http://localhost:5173", 403],
    ["null", 403],
  ])("elsewhere: %j gets %i", (origin, expected) => {
    expect(status(named, "api.example.com", origin)).toBe(expected);
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["localhost", true],
  ["LOCALHOST", true],
  ["::1", true],
  ["[::1]", true],
  ["0.0.0.0", false],
  ["::", false],
  ["127.0.0.1.evil.example", false],
  ["10.0.0.1", false],
  ["", false],
])("%j is a loopback address: %j", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const message = (depth: number) => `{"params":${nested(depth - 1)}}`;

describe("the body", () => {
  test("may nest as deep as the limit and no deeper", () => {
    expect(parseBody(message(MAX_JSON_DEPTH))).toHaveProperty("value");
    expect(parseBody(message(MAX_JSON_DEPTH + 1))).toMatchObject({
      refusal: { status: 400 },
      code: -32600,
    });
  });

  test("is measured by its brackets, not by those in its texts", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
        : 0;
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 8, stringUnit: "binary" }),
        fc.nat(8),
        (value, limit) => {
          const json = JSON.stringify({ value, quote: '"]}\\"[[[[[[[[[[[[[[[[' });
          expect(isDeeperThan(json, limit)).toBe(depthOf({ value }) > limit);
        },
      ),
    );
  });

  test("of the deepest kind that fits is refused without being parsed", () => {
    const body = "[".repeat(MAX_BODY_BYTES);
    expect(parseBody(body)).toMatchObject({ refusal: { status: 400 } });
  });

  test.each([
    ["not json", -32700],
    ["", -32700],
    ["{", -32700],
    ["[]", -32600],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600],
    ["1", -32600],
    ["null", -32600],
    ['"text"', -32600],
  ])("%j is no message: %i", (text, code) => {
    expect(parseBody(text)).toMatchObject({ refusal: { status: 400 }, code });
  });
});
