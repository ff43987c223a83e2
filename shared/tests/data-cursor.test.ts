import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import {
  CURSOR_VERSION,
  decodeCursor,
  encodeCursor,
  MAX_CURSOR_CHARS,
} from "#shared/data/cursor.ts";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, page } from "#shared/data/page.ts";

const scope = { kind: "list_things", query: { filter: "a", sort: ["name"] } };
const Position = z.object({ after: z.string() });

function refusal(call: () => unknown): ToolError {
  try {
    call();
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
  throw new Error("accepted");
}

/** A cursor of any content, well formed outside. */
const forge = (content: unknown) => Buffer.from(JSON.stringify(content)).toString("base64url");

/** The parts of a good cursor. */
function parts(): [unknown, unknown, unknown, unknown] {
  const cursor = encodeCursor(scope, { after: "x" });
  return JSON.parse(Buffer.from(cursor, "base64url").toString());
}

describe("a cursor", () => {
  test("brings any position back, and is plain text for a URL", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (position) => {
        const wanted: unknown = JSON.parse(JSON.stringify(position));
        fc.pre(JSON.stringify(position).length < 500);
        const cursor = encodeCursor(scope, position);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, scope, z.unknown())).toEqual(wanted);
      }),
    );
  });

  test("does not depend on the order of keys or on undefined ones", () => {
    const cursor = encodeCursor(scope, { after: "x" });
    const same = { kind: scope.kind, query: { sort: ["name"], none: undefined, filter: "a" } };
    expect(decodeCursor(cursor, same, Position)).toEqual({ after: "x" });
  });

  test.each([
    ["kind", { ...scope, kind: "list_others" }],
    ["query", { ...scope, query: { ...scope.query, filter: "b" } }],
    ["query", { ...scope, query: { ...scope.query, sort: ["name", "size"] } }],
    ["query", { ...scope, query: undefined }],
  ])("of another %s is refused", (reason, other) => {
    const error = refusal(() => decodeCursor(encodeCursor(scope, { after: "x" }), other, Position));
    expect(error).toMatchObject({ code: "VALIDATION_ERROR", details: { reason } });
    expect(error.message).toMatch(/Start again without cursor\.$/);
  });

  test("of another version, shape or position is refused", () => {
    const [version, kind, print, position] = parts();
    expect(version).toBe(CURSOR_VERSION);
    const reasons = [
      [CURSOR_VERSION + 1, kind, print, position],
      ["1", kind, print, position],
      [version, kind, print, position, 1],
      [version, kind, print],
      [version, kind, print, { after: 7 }],
      { version },
      null,
    ].map((content) => refusal(() => decodeCursor(forge(content), scope, Position)).details.reason);
    expect(reasons).toEqual([
      "version",
      "malformed",
      "malformed",
      "position",
      "position",
      "malformed",
      "malformed",
    ]);
  });

  test("that is any garbage at all is refused in the same way", () => {
    const garbage = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.base64String(),
      fc.json().map((text) => Buffer.from(text).toString("base64url")),
      fc.array(fc.jsonValue(), { maxLength: 5 }).map(forge),
      fc.tuple(fc.nat(), fc.constantFrom("A", "_", "%", "=")).map(([at, letter]) => {
        const good = encodeCursor(scope, { after: "x" });
        const place = at % good.length;
        return good[place] === letter ? "" : good.slice(0, place) + letter + good.slice(place + 1);
      }),
    );
    fc.assert(
      fc.property(garbage, (cursor) => {
        let result: unknown;
        try {
          result = decodeCursor(cursor, scope, Position);
        } catch (error) {
          expect(error).toMatchObject({ name: "ToolError", code: "VALIDATION_ERROR" });
          return;
        }
        // A changed letter may hit the position, which is not signed; its shape is checked all the same.
        expect(Position.parse(result)).toEqual(result);
      }),
      { numRuns: 2_000 },
    );
  });

  test("may be as long as the limit and no longer, going out and coming in", () => {
    const lengthOf = (size: number) => encodeCursor(scope, "x".repeat(size)).length;
    let size = 1_000;
    while (size < MAX_CURSOR_CHARS && canEncode(size + 1)) size += 1;
    expect(lengthOf(size)).toBeLessThanOrEqual(MAX_CURSOR_CHARS);
    expect(lengthOf(size)).toBeGreaterThan(MAX_CURSOR_CHARS - 3);
    expect(() => lengthOf(size + 1)).toThrow(RangeError);
    const padded = (length: number) =>
      Buffer.from(JSON.stringify(parts()).padEnd((length * 3) / 4)).toString("base64url");
    expect(padded(MAX_CURSOR_CHARS)).toHaveLength(MAX_CURSOR_CHARS);
    expect(decodeCursor(padded(MAX_CURSOR_CHARS), scope, Position)).toEqual({ after: "x" });
    const over = refusal(() => decodeCursor(padded(MAX_CURSOR_CHARS + 4), scope, Position));
    expect(over.details.reason).toBe("malformed");
    const largest = encodeCursor(scope, "x".repeat(size));
    expect(decodeCursor(largest, scope, z.string())).toHaveLength(size);
  });

  function canEncode(size: number): boolean {
    try {
      encodeCursor(scope, "x".repeat(size));
      return true;
    } catch {
      return false;
    }
  }
});

describe("a page", () => {
  const items = Array.from({ length: 7 }, (_none, index) => index);

  test("after page gives every item once, in order, whatever the limit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 70 }),
        (list, limit) => {
          const seen: number[] = [];
          let cursor: string | undefined;
          do {
            const next = page(list, { ...scope, limit, cursor });
            expect(next.total).toBe(list.length);
            expect(next.items.length).toBeLessThanOrEqual(limit);
            seen.push(...next.items);
            cursor = next.nextCursor;
          } while (cursor !== undefined);
          expect(seen).toEqual(list);
        },
      ),
    );
  });

  test("that ends with the list has no next one", () => {
    expect(page(items, { ...scope, limit: 7 })).toEqual({ items, total: 7 });
    expect(page(items, { ...scope, limit: 6 }).nextCursor).toBeTypeOf("string");
    expect(page([], scope)).toEqual({ items: [], total: 0 });
  });

  test("has the default size, and never more than the largest", () => {
    const many = Array(MAX_PAGE_SIZE + 1).fill(0);
    expect(page(many, scope).items).toHaveLength(DEFAULT_PAGE_SIZE);
    expect(page(many, { ...scope, limit: MAX_PAGE_SIZE }).items).toHaveLength(MAX_PAGE_SIZE);
    expect(page(many, { ...scope, limit: MAX_PAGE_SIZE + 1 }).items).toHaveLength(MAX_PAGE_SIZE);
    expect(page(many, { ...scope, max: 10 }).items).toHaveLength(10);
    expect(page(many, { ...scope, max: 10, limit: 11 }).items).toHaveLength(10);
  });

  test.each([0, -1, 1.5, Number.NaN])("of %s items is refused", (limit) => {
    expect(refusal(() => page(items, { ...scope, limit })).code).toBe("VALIDATION_ERROR");
  });

  test("past the end of a list that shrank is empty and the last", () => {
    const { nextCursor } = page(items, { ...scope, limit: 6 });
    expect(page(items.slice(0, 3), { ...scope, cursor: nextCursor })).toEqual({
      items: [],
      total: 3,
    });
  });

  test.each([-1, 1.5, "3", null, 2 ** 53])("from a forged offset of %j is refused", (offset) => {
    const cursor = encodeCursor(scope, offset);
    expect(refusal(() => page(items, { ...scope, cursor })).details.reason).toBe("position");
  });
});
