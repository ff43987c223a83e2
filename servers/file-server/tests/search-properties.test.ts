import fc from "fast-check";
import { expect, test } from "vitest";
import { lineMatchers } from "../src/search/line-matcher.ts";
import { type LineMatch, matchesIn } from "../src/search/search-lines.ts";
import { TextWindows, windowBuffer } from "../src/search/text-windows.ts";
import { detectEncoding, SAMPLE_BYTES } from "../src/text/encoding.ts";

const ENCODERS = {
  "utf-8": (text: string) => Buffer.from(text),
  "utf-8 with a mark": (text: string) => Buffer.from(`\ufeff${text}`),
  latin: (text: string) => Buffer.from(`é${text.replaceAll(/[^\0-\xff]/gu, "ü")}`, "latin1"),
  "utf-16le": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "utf-16be": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
};

/** Decodes by means of the language alone. */
function decoded(bytes: Buffer, encoding: keyof typeof ENCODERS): string {
  if (encoding === "latin") return bytes.toString("latin1");
  const text = encoding.startsWith("utf-8")
    ? bytes.toString()
    : (encoding === "utf-16be" ? Buffer.from(bytes).swap16() : bytes).toString("utf16le");
  return text.replace(/^\ufeff/, "");
}

const handleOn = (bytes: Buffer) => ({
  fd: -1,
  read: async (buffer: Uint8Array, offset: number, length: number, position: number) => ({
    bytesRead: bytes.copy(buffer, offset, position, position + length),
  }),
  stat: () => Promise.reject(new Error("nobody asks")),
  close: async () => {},
});

async function found(
  bytes: Buffer,
  wanted: Parameters<typeof lineMatchers>[0],
  window: number,
  context: number,
) {
  const encoding = detectEncoding(bytes.subarray(0, SAMPLE_BYTES), "f");
  const buffer = windowBuffer(window);
  // every other time the beginning was read before, as it is to tell the encoding
  const filled = bytes.length % 2 === 0 ? bytes.copy(buffer) : 0;
  const windows = new TextWindows(handleOn(bytes), buffer, encoding, filled);
  const matches: LineMatch[] = [];
  const search = { matcherFor: lineMatchers(wanted), context };
  for await (const one of matchesIn(windows, search))
    if (typeof one !== "number") matches.push(one);
  return matches;
}

/** What cutting the whole text into lines gives. */
function expected(text: string, expression: RegExp, context: number): LineMatch[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "" && !text.endsWith("\n\r")) lines.pop();
  return lines.flatMap((line, index) => {
    const column = line.search(expression);
    if (column === -1) return [];
    const before = lines.slice(Math.max(0, index - context), index);
    const after = lines.slice(index + 1, index + 1 + context);
    return [{ line: index + 1, column: column + 1, text: line, before, after }];
  });
}

const textsWith = (newlines: number, maxLength: number) =>
  fc
    .array(
      fc.oneof(
        { weight: 10, arbitrary: fc.constantFrom("a", "b", "ab", "é", "😀", " ") },
        { weight: newlines, arbitrary: fc.constantFrom("\n", "\n", "\r\n") },
      ),
      { maxLength, size: "max" },
    )
    .map((parts) => parts.join(""));
const encodings = fc.constantFrom(...(Object.keys(ENCODERS) as (keyof typeof ENCODERS)[]));
const patterns = fc.constantFrom(
  { pattern: "a", isRegex: false, ignoreCase: false, expression: /a/ },
  { pattern: "ab", isRegex: false, ignoreCase: false, expression: /ab/ },
  { pattern: "é", isRegex: false, ignoreCase: false, expression: /é/ },
  { pattern: "AB", isRegex: false, ignoreCase: true, expression: /ab/ },
  { pattern: "^a", isRegex: true, ignoreCase: false, expression: /^a/ },
  { pattern: "b$", isRegex: true, ignoreCase: false, expression: /b$/ },
  { pattern: "^$", isRegex: true, ignoreCase: false, expression: /^$/ },
  { pattern: "\\s+a", isRegex: true, ignoreCase: false, expression: /\s+a/ },
  { pattern: "[^a]b", isRegex: true, ignoreCase: false, expression: /[^a]b/ },
  { pattern: "x*", isRegex: true, ignoreCase: false, expression: /x*/ },
);

test("a search finds the lines that cutting the whole text finds, with those around", () =>
  fc.assert(
    fc.asyncProperty(
      textsWith(10, 600),
      encodings,
      patterns,
      fc.integer({ min: 300, max: 400 }),
      fc.nat(3),
      async (text, encoding, { expression, ...wanted }, window, context) => {
        const bytes = ENCODERS[encoding](text);
        const whole = decoded(bytes, encoding);
        const result = await found(bytes, wanted, window, context);
        expect(result).toEqual(expected(whole, expression, context));
      },
    ),
    { numRuns: 500 },
  ));

test("and texts in the same lines in small windows, over their edges, in lines longer than they are", () =>
  fc.assert(
    fc.asyncProperty(
      textsWith(1, 200),
      encodings,
      patterns.filter(({ isRegex, ignoreCase }) => !isRegex && !ignoreCase),
      fc.integer({ min: 16, max: 40 }),
      fc.nat(3),
      async (text, encoding, { expression, ...wanted }, window, context) => {
        const bytes = ENCODERS[encoding](text);
        const whole = decoded(bytes, encoding);
        const places = (matches: LineMatch[]) =>
          matches.map(({ line, column }) => `${line}:${column}`);
        const result = await found(bytes, wanted, window, context);
        expect(places(result)).toEqual(places(expected(whole, expression, 0)));
      },
    ),
    { numRuns: 500 },
  ));
