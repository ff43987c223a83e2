import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { detectEncoding, SAMPLE_BYTES } from "../../src/text/encoding.ts";
import { type Excerpt, toText } from "../../src/text/excerpt.ts";
import { readLines } from "../../src/text/read-lines.ts";
import { readOffset } from "../../src/text/read-offset.ts";
import { readTail } from "../../src/text/read-tail.ts";
import { Source } from "../../src/text/source.ts";
import { withTempDir } from "../shared/testing/temp-dir.ts";

const ENCODERS = {
  "utf-8": (text: string) => Buffer.from(text),
  "utf-8 with mark": (text: string) => Buffer.from(`\ufeff${text}`),
  "utf-16le": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "utf-16be": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
};

/** Characters whose UTF-16 has a byte like a line feed, beside all the ends of lines. */
const characters = fc.constantFrom(
  "a",
  "é",
  "€",
  "😀",
  "\u0a0a",
  "\u010a",
  "\u0a01",
  "\n",
  "\r\n",
  "\r",
);
const texts = fc.string({ unit: characters, maxLength: 60 });
const encodings = fc.constantFrom(...(Object.keys(ENCODERS) as (keyof typeof ENCODERS)[]));

/** Lines as everyone cuts them, with their ends. */
const naiveLines = (text: string) => text.split(/(?<=\n)/).filter((line) => line !== "");

type Read = (source: Source, encoding: ReturnType<typeof detectEncoding>) => Promise<Excerpt>;

/** Runs `work` with a way to read a part of the text from a real file. */
const withText = (
  text: string,
  encoding: keyof typeof ENCODERS,
  work: (
    read: (how: Read) => Promise<Excerpt & { content: string }>,
    size: number,
  ) => Promise<void>,
) =>
  withTempDir(async (folder) => {
    const bytes = ENCODERS[encoding](text);
    await writeFile(join(folder, "f"), bytes);
    const handle = await open(join(folder, "f"));
    try {
      const source = new Source(handle, bytes.length, new AbortController().signal);
      const found = detectEncoding(await source.read(0, SAMPLE_BYTES), "f");
      await work(async (how) => {
        const excerpt = await how(source, found);
        return { ...excerpt, content: toText(excerpt, found, "f").content };
      }, bytes.length);
    } finally {
      await handle.close();
    }
  });

const RUNS = { numRuns: 150 };
const MAX = 65_536;

test("a range of lines is what cutting the whole text gives", () =>
  fc.assert(
    fc.asyncProperty(texts, encodings, fc.nat(8), fc.nat(8), (text, encoding, from, more) =>
      withText(text, encoding, async (read, size) => {
        const all = naiveLines(text);
        fc.pre(from < all.length);
        const part = await read((source, found) =>
          readLines(source, { start: from + 1, end: from + 1 + more, maxBytes: MAX }, found, "f"),
        );
        expect(part.content).toBe(all.slice(from, from + 1 + more).join(""));
        expect(part.endLine).toBe(Math.min(all.length, from + 1 + more));
        if (part.endOffset === size) expect(part.totalLines).toBe(all.length);
      }),
    ),
    RUNS,
  ));

test("the last lines are what cutting the whole text gives", () =>
  fc.assert(
    fc.asyncProperty(texts, encodings, fc.integer({ min: 1, max: 9 }), (text, encoding, count) =>
      withText(text, encoding, async (read) => {
        const part = await read((source, found) => readTail(source, count, MAX, found));
        expect(part.content).toBe(naiveLines(text).slice(-count).join(""));
      }),
    ),
    RUNS,
  ));

test("a tail in a small window is the end of the tail", () =>
  fc.assert(
    fc.asyncProperty(texts, encodings, (text, encoding) =>
      withText(text, encoding, async (read) => {
        const part = await read((source, found) => readTail(source, 5, 16, found));
        const shown = part.content.replace(/^\[this line begins before offset=\d+\]…/, "");
        expect(text.endsWith(shown)).toBe(true);
        expect(shown).not.toContain("\ufffd");
      }),
    ),
    RUNS,
  ));

test("following the offsets, in small steps, gives the text and splits no character", () =>
  fc.assert(
    fc.asyncProperty(texts, encodings, fc.integer({ min: 16, max: 40 }), (text, encoding, step) =>
      withText(text, encoding, async (read, size) => {
        let content = "";
        for (let offset = 0; offset < size; ) {
          const part = await read((source, found) => readOffset(source, offset, step, found, "f"));
          content += part.content;
          offset = part.endOffset;
        }
        expect(content).toBe(text);
      }),
    ),
    RUNS,
  ));

test("following the lines, in small steps, gives the text", () =>
  fc.assert(
    fc.asyncProperty(texts, encodings, fc.integer({ min: 16, max: 40 }), (text, encoding, step) =>
      withText(text, encoding, async (read, size) => {
        let content = "";
        let at: { line?: number | undefined; offset: number } = { line: 1, offset: 0 };
        while (at.offset < size) {
          const { line, offset } = at;
          const part = await read((source, found) =>
            line === undefined
              ? readOffset(source, offset, step, found, "f")
              : readLines(
                  source,
                  { start: line, end: Number.POSITIVE_INFINITY, maxBytes: step },
                  found,
                  "f",
                ),
          );
          // what comes behind a cut line is read again from its rest on
          content += part.content.replace(
            /…\[line \d+ is cut here; the rest: offset=\d+\]\n[\s\S]*$/,
            "",
          );
          const cut = part.cutOffsets[0];
          at = {
            line: cut === undefined ? part.nextLine : undefined,
            offset: cut ?? part.endOffset,
          };
        }
        expect(content).toBe(text);
      }),
    ),
    RUNS,
  ));

test("bytes that are no UTF-8 behind a sample that could be are read without loss", () =>
  fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ min: 0xa0, max: 0xff, minLength: 1, maxLength: 80 }),
      fc.integer({ min: 16, max: 40 }),
      (high, step) =>
        withTempDir(async (folder) => {
          const ascii = Buffer.alloc(SAMPLE_BYTES + 5, "x");
          const bytes = Buffer.concat([ascii, high]);
          await writeFile(join(folder, "f"), bytes);
          const handle = await open(join(folder, "f"));
          const source = new Source(handle, bytes.length, new AbortController().signal);
          const found = detectEncoding(await source.read(0, SAMPLE_BYTES), "f");
          let taken = 0;
          for (let offset = ascii.length; offset < bytes.length; ) {
            const part = await readOffset(source, offset, step, found, "f");
            expect(part.startOffset).toBe(offset);
            taken += part.pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
            offset = part.endOffset;
          }
          await handle.close();
          expect(taken).toBe(high.length);
        }),
    ),
    RUNS,
  ));
