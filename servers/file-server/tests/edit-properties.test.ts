import fc from "fast-check";
import { expect, test } from "vitest";
import { ToolError } from "#shared/core/errors.ts";
import { applied, planEdits } from "../src/edit/plan-edits.ts";
import { bytesOf, toUnits } from "../src/edit/units.ts";

const ENCODERS = {
  "utf-8": (text: string) => Buffer.from(text),
  "utf-8 with mark": (text: string) => Buffer.from(`\ufeff${text}`),
  "utf-16le": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "utf-16be": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
  latin: (text: string) => Buffer.from(text.replaceAll(/[^\0-\xff]/gu, "\xe9"), "latin1"),
};

/** Few different characters, so that parts repeat, with ends of lines of every kind. */
const characters = fc.constantFrom("a", "b", "é", "😀", "\u0a0a", "\n", "\r\n", "\r");
const texts = fc.string({ unit: characters, minLength: 1, maxLength: 40 });
const encodings = fc.constantFrom(...(Object.keys(ENCODERS) as (keyof typeof ENCODERS)[]));

const plain = (text: string) => text.replaceAll("\r\n", "\n");

/** Decodes as the file is encoded, by means of the language alone. */
function decoded(bytes: Buffer, encoding: keyof typeof ENCODERS): string {
  if (encoding === "latin") return bytes.toString("latin1");
  if (encoding.startsWith("utf-8")) return bytes.toString();
  return (encoding === "utf-16be" ? Buffer.from(bytes).swap16() : bytes).toString("utf16le");
}

test("an edit changes what it should, and no byte before or behind", () =>
  fc.assert(
    fc.property(
      texts,
      encodings,
      fc.nat(40),
      fc.integer({ min: 1, max: 8 }),
      fc.string({ unit: fc.constantFrom("x", "y", "\n"), maxLength: 4 }),
      (text, encoding, from, length, by) => {
        const before = ENCODERS[encoding](text);
        const whole = decoded(before, encoding);
        const lines = plain(whole.replace(/^\ufeff/, ""));
        const old = [...lines].slice(from, from + length).join("");
        // a carriage return at the end of a part could be half of an end of a line
        fc.pre(old !== "" && !old.endsWith("\r") && lines.split(old).length === 2);
        // after a carriage return alone, a line feed of the file or of the edit reads as one end
        fc.pre(!lines.includes("\r\n") && !lines.split(old)[0]?.endsWith("\r"));
        const units = toUnits(Buffer.from(before), "f");
        const all = planEdits(units, [{ old, new: by, count: 1 }], "f");
        const parts = [...applied(units.data, all)].map((part) => bytesOf(part, units.encoding));
        const after = Buffer.concat([units.mark, ...parts]);
        expect(plain(decoded(after, encoding)).replace(/^\ufeff/, "")).toBe(
          plain(lines.split(old).join(by)),
        );
        const [head = Buffer.alloc(0), , tail = Buffer.alloc(0)] = parts;
        const start = units.mark.length + head.length;
        expect(after.subarray(0, start)).toEqual(before.subarray(0, start));
        expect(tail).toEqual(before.subarray(before.length - tail.length));
      },
    ),
    { numRuns: 2_000 },
  ));

test("edits that are refused are refused for a reason", () =>
  fc.assert(
    fc.property(texts, texts, fc.integer({ min: 1, max: 3 }), (text, old, count) => {
      const lines = plain(text);
      const found = plain(old).endsWith("\r") ? undefined : lines.split(plain(old)).length - 1;
      fc.pre(found !== undefined && !/\r\n/.test(lines + plain(old)));
      try {
        planEdits(toUnits(Buffer.from(text), "f"), [{ old, new: "", count }], "f");
        expect(found).toBe(count);
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        expect(error.details.reason).toBe(found === 0 ? "no_match" : "ambiguous_match");
        expect(found).not.toBe(count);
      }
    }),
    { numRuns: 1_000 },
  ));
