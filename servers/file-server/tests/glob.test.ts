import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expandBraces, MAX_ALTERNATIVES, MAX_EXPANDED_CHARS } from "../src/glob/braces.ts";
import { compileGlob, MAX_PATTERN_CHARS, PatternError } from "../src/glob/glob.ts";

/** What a pattern means, written down without a thought for its cost. */
function meansName(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  const [first = "", rest] = [pattern[0], pattern.slice(1)];
  if (first === "*")
    return meansName(rest, name) || (name !== "" && meansName(pattern, name.slice(1)));
  if (first === "[") {
    const [, not = "", members = "", after = ""] = /^\[(!?)(.[^\]]*)\](.*)$/s.exec(pattern) ?? [];
    if (members !== "") {
      const isMember = members.includes(name[0] ?? "]");
      return name !== "" && isMember !== (not !== "") && meansName(after, name.slice(1));
    }
  }
  return name !== "" && (first === "?" || first === name[0]) && meansName(rest, name.slice(1));
}

function meansPath(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first !== "**")
    return path.length > 0 && meansName(first, path[0] ?? "") && meansPath(rest, path.slice(1));
  if (rest.length === 0) return path.length > 0;
  return meansPath(rest, path) || (path.length > 0 && meansPath(pattern, path.slice(1)));
}

const names = fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), minLength: 1, maxLength: 6 });
const wildNames = fc.array(fc.constantFrom("a", "b", "*", "?", "[ab]", "[!a]", "é"), {
  minLength: 1,
  maxLength: 6,
});

describe("a pattern", () => {
  test("fits a name exactly when a plain reading of it does", () => {
    fc.assert(
      fc.property(
        wildNames,
        fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 1, maxLength: 7 }),
        (tokens, name) => {
          const pattern = tokens.join("");
          fc.pre(pattern !== "**" && !pattern.includes("**"));
          expect(compileGlob(`./${pattern}`).matches([name])).toBe(meansName(pattern, name));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test("fits a path exactly when a plain reading of it does", () => {
    const segments = fc.array(fc.constantFrom("**", "a", "*", "a*", "?b"), {
      minLength: 1,
      maxLength: 5,
    });
    const paths = fc.array(fc.constantFrom("a", "b", "ab", "aab"), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(segments, paths, (pattern, path) => {
        expect(compileGlob(`./${pattern.join("/")}`).matches(path)).toBe(meansPath(pattern, path));
      }),
      { numRuns: 5_000 },
    );
  });

  test("with every character escaped fits that name alone", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("*", "?", "[", "]", "a", "!"), minLength: 1 }),
        names,
        (text, name) => {
          const glob = compileGlob(`./${text.replace(/./gu, "\\$&")}`);
          expect(glob.matches([text])).toBe(true);
          expect(glob.matches([name])).toBe(name === text);
        },
      ),
    );
  });

  test("is dead only where nothing below can fit", () => {
    const segments = fc.array(fc.constantFrom("**", "a", "b", "*"), { minLength: 1, maxLength: 4 });
    const paths = fc.array(fc.constantFrom("a", "b"), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(segments, paths, (pattern, path) => {
        const glob = compileGlob(`./${pattern.join("/")}`);
        if (!glob.matches(path)) return;
        let state = glob.start;
        for (const name of path.slice(0, -1)) {
          state = glob.step(state, name);
          expect(state.isAlive).toBe(true);
        }
      }),
    );
  });

  test.each([
    ["*.ts", "src/deep/a.ts", true],
    ["./*.ts", "src/a.ts", false],
    ["src/**", "src", false],
    ["**/a/**", "x/a/y", true],
    ["a{b,{c,d}e}f", "acef", true],
    ["{a}", "{a}", true],
    ["{a,b", "{a,b", true],
    ["\\{a,b}", "{a,b}", true],
    ["[]]", "]", true],
    ["[a-c-]", "-", true],
    ["[z", "[z", true],
    ["a\\", "a\\", true],
    ["?", "😀", true],
  ])("%s and %s: %s", (pattern, path, expected) => {
    expect(compileGlob(pattern).matches(path.split("/"))).toBe(expected);
  });

  test("without regard to case takes what a file system may take for the same", () => {
    const glob = compileGlob("*.Key", { ignoreCase: true });
    for (const name of ["a.key", "A.KEY", "a.\u212aey"]) expect(glob.matches([name])).toBe(true);
  });
});

describe("the limits of patterns", () => {
  test("length", () => {
    expect(compileGlob("x".repeat(MAX_PATTERN_CHARS))).toBeDefined();
    expect(() => compileGlob("x".repeat(MAX_PATTERN_CHARS + 1))).toThrow(PatternError);
  });

  test("alternatives", () => {
    expect(expandBraces("{0,1,2,3,4,5,6,7,8,9}".repeat(3))).toHaveLength(MAX_ALTERNATIVES);
    expect(expandBraces(`{${"{0,1,2,3,4,5,6,7,8,9}".repeat(3)},x}`)).toBeUndefined();
    expect(expandBraces("{a,b}".repeat(100))).toBeUndefined();
  });

  test("characters of all alternatives", () => {
    const eight = "{a,b}".repeat(3);
    const fill = MAX_EXPANDED_CHARS / 8 - 3;
    expect(expandBraces("x".repeat(fill) + eight)).toHaveLength(8);
    expect(expandBraces("x".repeat(fill + 1) + eight)).toBeUndefined();
  });

  test("stars cost no more than their number times the name", () => {
    const glob = compileGlob(`${"*a".repeat(255)}b`);
    expect(glob.matches(["a".repeat(255)])).toBe(false);
  });
});
