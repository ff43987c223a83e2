import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, day, id, moment, readDay } from "#shared/make-api/values.ts";

const dates = fc.date({
  min: new Date("0100-01-01T00:00:00Z"),
  max: new Date("9999-12-31T00:00:00Z"),
  noInvalidDate: true,
});

describe("a day of Make's usage", () => {
  it("is read from DD-MM-YYYY and from ISO 8601, and is the same day", () => {
    fc.assert(
      fc.property(dates, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, dayOfMonth] = iso.split("-");
        expect(readDay(`${dayOfMonth}-${month}-${year}`)).toBe(iso);
        expect(readDay(iso)).toBe(iso);
        expect(readDay(date.toISOString())).toBe(iso);
      }),
    );
  });

  it.each([
    "31-02-2026",
    "00-01-2026",
    "2026-02-30",
    "1-2-2026",
    "01/02/2026",
    "",
    "2026",
    "32-01-2026",
  ])("%j is none", (text) => {
    expect(readDay(text)).toBeUndefined();
    expect(day().safeParse(text).success).toBe(false);
  });
});

describe("a counter", () => {
  it("is the same as a number and as its digits", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(count().parse(value)).toBe(value);
        expect(count().parse(String(value))).toBe(value);
      }),
    );
  });

  it.each([
    "",
    " ",
    "1e3",
    "0x10",
    "12 345",
    "1,5",
    "NaN",
    "Infinity",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    true,
    [1],
    {},
    "9007199254740993",
    2 ** 53,
  ])("%j is none", (value) => {
    expect(count().safeParse(value).success).toBe(false);
  });

  it("of money keeps its cents", () => {
    expect(count().parse("34.12")).toBe(34.12);
  });
});

it.each([0, -1, 1.5, "0", "x"])("%j is no id", (value) => {
  expect(id().safeParse(value).success).toBe(false);
});

it.each(["yesterday", "2026-13-01T00:00:00Z", "10", ""])("%j is no moment", (value) => {
  expect(moment().safeParse(value).success).toBe(false);
});
