import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { parse } from "#shared/core/parse.ts";

afterEach(() => vi.unstubAllGlobals());

const person = () =>
  z.object({
    name: z.string().trim().min(1),
    age: z.int().default(3),
    pets: z.array(z.object({ kind: z.enum(["cat", "dog"]) })).optional(),
  });

/** How many parsers were compiled so far. */
function countCompiled() {
  let count = 0;
  const Real = Function;
  vi.stubGlobal(
    "Function",
    class extends Real {
      constructor(...source: string[]) {
        super(...source);
        count += 1;
      }
    },
  );
  return () => count;
}

describe("parse", () => {
  it("compiles a parser at the second use of a schema", () => {
    person().safeParse({ name: "Ada" }); // zod tries once whether it may compile
    const compiled = countCompiled();
    const schema = person();
    parse(schema, { name: "Ada" });
    expect(compiled()).toBe(0);
    parse(schema, { name: "Ada" });
    expect(compiled()).toBe(1);
    parse(schema, { name: "Ada" });
    expect(compiled()).toBe(1);
  });

  it.each([
    { name: " Ada ", pets: [{ kind: "cat" }], more: true },
    { name: "" },
    { age: "3", pets: [{ kind: "cow" }, null] },
    "no object",
    undefined,
  ])("says of %j each time what zod says", (value) => {
    const schema = person();
    const expected = JSON.stringify(person().safeParse(value));
    const results = [1, 2, 3].map(() => JSON.stringify(parse(schema, value)));
    expect(results).toEqual([expected, expected, expected]);
  });
});
