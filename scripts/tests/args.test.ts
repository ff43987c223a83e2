import { expect, test } from "vitest";
import { countFrom } from "../lib/args.ts";

test.each(["1", "64"])("takes %s for a whole number from 1 to 64", (text) => {
  expect(countFrom("--jobs", text, 64)).toBe(Number(text));
});

test.each(["0", "65", "-1", "1.5", "", "x", "1e9"])(
  "refuses %j, and says what it takes",
  (text) => {
    expect(() => countFrom("--jobs", text, 64)).toThrow(
      `--jobs takes a whole number from 1 to 64, not "${text}"`,
    );
  },
);
