import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStateSeal, STATE_TTL_SECONDS } from "#shared/core/state.ts";
import { MAX_URI_LENGTH, uriMatcher } from "#shared/core/uri-template.ts";

describe("a URI template", () => {
  test.each<[string, string, Record<string, string> | undefined]>([
    ["a://{x}", "a://1", { x: "1" }],
    ["a://{x}", "a://1/2", undefined],
    ["a://{x}", "a://", undefined],
    ["a://{x}", "a://1?q", undefined],
    ["a://{x}/b", "a://1/b", { x: "1" }],
    ["a://{x}/b", "a://1/bb", undefined],
    ["a://{x}/{y}", "a://1/2", { x: "1", y: "2" }],
    ["a://{lat},{lon}", "a://1,2", { lat: "1", lon: "2" }],
    ["a://{x}-{y}", "a://1-2-3", { x: "1", y: "2-3" }],
    ["a://{+path}", "a://1/2/3", { path: "1/2/3" }],
    ["a://{+path}/end", "a://1/2/end", { path: "1/2" }],
    ["a://{+path}.{ext}", "a://1.2/3.4.5", { path: "1.2/3.4", ext: "5" }],
    ["a://{x}", "a://%C3%A4%2F", { x: "ä/" }],
    ["a://{x}", "a://%", undefined],
    ["a://{x}.json", "a://1xjson", undefined],
    ["a://plain", "a://plain", {}],
  ])("%s and %s", (template, uri, expected) => {
    expect(uriMatcher(template)(uri)).toEqual(expected);
  });

  test("gives back what was put in", () => {
    const value = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(value, value, value, (one, two, rest) => {
        const [a, b, c] = [one, two, rest].map(encodeURIComponent);
        const match = uriMatcher("s://{one}/mid/{two}?r={+rest}");
        expect(match(`s://${a}/mid/${b}?r=${c}`)).toEqual({ one, two, rest });
      }),
    );
  });

  test.each([
    "a://{x",
    "a://x}",
    "a://{}",
    "a://{?x}",
    "a://{/x}",
    "a://{x*}",
    "a://{+a}/{+b}",
    "a://{x}{y}",
    "a://{+x}{y}",
    "a://{1x}",
  ])("%s is refused", (template) => {
    expect(() => uriMatcher(template)).toThrow(TypeError);
  });

  test("longer than the limit matches nothing", () => {
    const match = uriMatcher("a://{x}");
    expect(match(`a://${"x".repeat(MAX_URI_LENGTH - 4)}`)).toBeDefined();
    expect(match(`a://${"x".repeat(MAX_URI_LENGTH - 3)}`)).toBeUndefined();
  });

  /** The time of many matches, the least of several so that other work does not count. */
  function timeOf(template: string, uri: string): number {
    const match = uriMatcher(template);
    const times = Array.from({ length: 7 }, () => {
      const start = process.hrtime.bigint();
      for (let count = 0; count < 20; count++) expect(match(uri)).toBeUndefined();
      return Number(process.hrtime.bigint() - start);
    });
    return Math.min(...times);
  }

  test.each([
    ["a://{x}-{y}-{z}/end", "-x"],
    ["a://{+path}/x/{y}/end", "/x"],
    ["a://{+path}.{ext}/end", ".x"],
    ["a://{x}.{+rest}/end", ".x"],
    ["a://{x}/{y}/{z}/end", "a/"],
  ])("%s takes eight times as long for eight times as much, not its square", (template, part) => {
    const of = (length: number) =>
      timeOf(template, `a://${part.repeat(length)}`.slice(0, MAX_URI_LENGTH));
    of(500);
    // the machine may slow down between the two
    const ratios = [1, 2, 3].map(() => of(4000) / of(500));
    expect(Math.min(...ratios)).toBeLessThan(32);
  });
});

describe("sealed state", () => {
  const seal = createStateSeal("k".repeat(32));
  const now = new Date("2026-01-01T00:00:00Z");
  const sealed = seal.seal({ asked: ["a"], answers: { a: "ä" } }, "tool", now);

  test("opens to what was sealed", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (state, binding) => {
        const text = seal.seal(state, binding, now);
        expect(seal.open(text, binding, now)).toEqual(JSON.parse(JSON.stringify(state)));
      }),
    );
  });

  test("does not open when any of its characters is another", () => {
    const alphabet = "ABCXYZabcxyz0189-_.=+/ \n%é";
    for (let at = 0; at < sealed.length; at++) {
      for (const character of alphabet) {
        if (character === sealed[at]) continue;
        const forged = sealed.slice(0, at) + character + sealed.slice(at + 1);
        expect(seal.open(forged, "tool", now), `${at} ${character}`).toBeUndefined();
      }
    }
  });

  test("does not open cut, extended or as anything else", () => {
    for (let end = 0; end < sealed.length; end++)
      expect(seal.open(sealed.slice(0, end), "tool", now)).toBeUndefined();
    for (const end of ["=", "A", ".", " ", "!", "\n"])
      expect(seal.open(sealed + end, "tool", now)).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(seal.open(text, "tool", now)).toBeUndefined();
      }),
    );
  });

  test("belongs to its binding, its key and its time", () => {
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    expect(seal.open(sealed, "tool", later(STATE_TTL_SECONDS - 1))).toBeDefined();
    expect(seal.open(sealed, "tool", later(STATE_TTL_SECONDS))).toBeUndefined();
    expect(seal.open(sealed, "other", now)).toBeUndefined();
    expect(createStateSeal("x".repeat(32)).open(sealed, "tool", now)).toBeUndefined();
    expect(createStateSeal(undefined).open(sealed, "tool", now)).toBeUndefined();
  });
});
