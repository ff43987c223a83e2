import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  entropyOf,
  findSecret,
  maskSecret,
  maskSecrets,
  secretsInBlueprint,
} from "#shared/make-api/secrets.ts";

describe("a secret", () => {
  it.each([
    ["Authorization", "Bearer EXAMPLE-NOT-A-REAL-TOKEN-0001", "name", "EXAM****"],
    ["x-api-key", "abc", "name", "****"],
    ["client_secret", "0123456789ab", "name", "0123****"],
    ["accessToken", "short-token", "name", "****"],
    ["note", `ghp_${"a1B2".repeat(9)}`, "prefix", "ghp_****"],
    ["note", "AKIAABCDEFGHIJKLMNOP", "prefix", "AKIA****"],
    ["note", "q7Zx2LpV9rT4bN8mWc3KsYdF", "entropy", "q7Zx****"],
    ["Authorization", "Basic {{1.user}}:EXAMPLE-FIXED-PASSWORD", "name", ":EXA****"],
  ])("is found under %s in %j", (name, text, rule, masked) => {
    expect(findSecret(name, text)).toMatchObject({ rule, masked });
  });

  it.each([
    ["Authorization", "Bearer {{1.token}}"],
    ["Authorization", "{{var.organization.API_TOKEN}}"],
    ["password", ""],
    ["tokenType", "Bearer of news"],
    ["url", "https://crm.example.com/api/v2/some/long/path/of/words"],
    ["id", "5e9d17e41f784ae361ada1d0817186f6"],
    ["uuid", "a64d23ed-2580-43e4-a898-e97193d7fd5e"],
    ["text", "A sentence of plain words, which are many and long enough"],
    ["text", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
  ])("is none under %s in %j", (name, text) => {
    expect(findSecret(name, text)).toBeUndefined();
  });

  it("is measured from 20 characters on, and from 4 bits a character on", () => {
    const word = "q7Zx2LpV9rT4bN8mWc3K";
    expect(entropyOf(word)).toBeGreaterThanOrEqual(4);
    expect(findSecret("x", word)).toBeDefined();
    expect(findSecret("x", word.slice(1))).toBeUndefined();
    expect(entropyOf("0123456789abcdef".repeat(2))).toBe(4);
    expect(findSecret("x", "0123456789abcdef".repeat(2))).toBeDefined();
    expect(findSecret("x", "0123456789abcdee".repeat(2))).toBeUndefined();
  });

  it("never shows more than four characters of it, and nothing of a short one", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), (secret) => {
        const masked = maskSecret(secret);
        expect(masked.endsWith("****")).toBe(true);
        expect(masked.length).toBeLessThanOrEqual(8);
        if (secret.length < 12) expect(masked).toBe("****");
      }),
    );
  });

  it("is masked wherever it stands, and nothing else changes", () => {
    const value = {
      headers: [{ name: "X-Api-Key", value: "EXAMPLE-SECRET" }],
      list: [{ password: "hunter2" }],
      n: 1,
      url: "https://example.com",
    };
    expect(maskSecrets(value)).toEqual({
      headers: [{ name: "X-Api-Key", value: "EXAM****" }],
      list: [{ password: "****" }],
      n: 1,
      url: "https://example.com",
    });
  });

  it("is found in the modules of routes and handlers too", () => {
    const inner = { id: 5, module: "http:X", mapper: { token: "EXAMPLE-SECRET" } };
    const blueprint = {
      flow: [
        { id: 1, module: "b:Router", routes: [{ flow: [inner] }], onerror: [{ ...inner, id: 6 }] },
      ],
    };
    expect(secretsInBlueprint(blueprint).map(({ moduleId, field }) => [moduleId, field])).toEqual([
      [5, "mapper.token"],
      [6, "mapper.token"],
    ]);
  });
});
