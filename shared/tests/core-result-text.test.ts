import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { toResult } from "#shared/core/result.ts";
import {
  MIN_KEPT_CHARACTERS,
  textOf,
  writeResult,
  writeStructured,
} from "#shared/core/result-text.ts";

/** A structured value with a part that counts how often it is written. */
function counted(characters: number) {
  const seen = { times: 0 };
  const toJSON = () => {
    seen.times++;
    return "";
  };
  const empty = JSON.stringify({ part: "", pad: "" }).length;
  return { seen, structured: { part: { toJSON }, pad: "x".repeat(characters - empty) } };
}

const resultOf = (structured: Record<string, unknown>) => ({
  content: [{ type: "text", text: writeStructured(structured) }],
  structuredContent: structured,
});

const leaf = fc.oneof(
  fc.constantFrom(undefined, Number.NaN, -0, "\ud800", "\u2028", "</script>", '"\\'),
  fc.date({ noInvalidDate: false }),
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.func(fc.nat()),
);
const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "toString", "10", "2", "\udc00"));
const { object: anyObject } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value")), tie("object")),
  object: fc
    .array(fc.tuple(key, tie("value")))
    .map((entries): Record<string, unknown> => Object.fromEntries(entries)),
}));
const anyResult = fc
  .tuple(anyObject as fc.Arbitrary<Record<string, unknown>>, fc.boolean())
  .map(([parts, isLong]) => resultOf({ ...parts, pad: "é".repeat(isLong ? 1_000 : 0) }));

describe("a result as text", () => {
  test("is what JSON.stringify makes of it, whatever the tool returned", () => {
    fc.assert(
      fc.property(anyResult, (result) => {
        expect(writeResult(result)).toBe(JSON.stringify(result));
        expect(textOf(result.structuredContent)).toBe(JSON.stringify(result.structuredContent));
      }),
    );
  });

  test("is what JSON.stringify makes of it, whatever was done with it since", () => {
    const changes = fc.constantFrom<(result: ReturnType<typeof resultOf>) => object>(
      ({ content, structuredContent }) => ({ structuredContent, content }),
      ({ structuredContent }) => ({ structuredContent }),
      (result) => ({ ...result, _meta: { a: 1 } }),
      (result) => ({ isError: true, ...result }),
      (result) => ({ ...result, content: [...result.content, { type: "text", text: "more" }] }),
      (result) => ({ ...result, content: [{ type: "text", text: "[secret]" }] }),
      (result) => ({ ...result, structuredContent: { ...result.structuredContent, other: 1 } }),
      (result) => ({ ...result, structuredContent: undefined }),
      (result) => JSON.parse(JSON.stringify(result)),
    );
    fc.assert(
      fc.property(anyResult, changes, (result, change) => {
        const changed = change(result);
        expect(writeResult(changed)).toBe(JSON.stringify(changed));
      }),
    );
  });

  test("writes a value of MIN_KEPT_CHARACTERS once, and a shorter one anew", () => {
    for (const [characters, times] of [
      [MIN_KEPT_CHARACTERS, 1],
      [MIN_KEPT_CHARACTERS - 1, 2],
    ] as const) {
      const { seen, structured } = counted(characters);
      writeResult(resultOf(structured));
      expect(seen.times, `${characters} characters`).toBe(times);
    }
  });

  test("is written once by a tool too, also to measure it", () => {
    const { seen, structured } = counted(400_000);
    writeResult(toResult(structured, z.object({ part: z.any(), pad: z.string() })));
    expect(seen.times).toBe(1);
  });

  test("is known to other copies of this code in the process", async () => {
    const { seen, structured } = counted(MIN_KEPT_CHARACTERS);
    const result = resultOf(structured);
    vi.resetModules();
    const other = await import("#shared/core/result-text.ts");
    expect(other.writeResult).not.toBe(writeResult);
    expect(other.writeResult(result)).toBe(
      JSON.stringify({ ...result, structuredContent: { ...structured, part: "" } }),
    );
    expect(seen.times).toBe(1);
  });
});
