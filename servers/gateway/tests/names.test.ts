import { expect, it } from "vitest";
import { joinName, joinUri, MAX_NAME_LENGTH, partName, partUri } from "../src/aggregate/names.ts";

it("parts a name at its first separator, because tools may have one too", () => {
  expect(partName("greet__a__b")).toEqual({ prefix: "greet", rest: "a__b" });
  expect(partName(joinName("greet", "_a"))).toEqual({ prefix: "greet", rest: "_a" });
  expect(partName("greet")).toBeUndefined();
  expect(partName("__a")).toBeUndefined();
});

it("keeps names that clients take, and cuts longer ones so that they stay apart", () => {
  const longest = "x".repeat(MAX_NAME_LENGTH - "s__".length);
  expect(joinName("s", longest)).toBe(`s__${longest}`);
  const [a, b] = [joinName("s", `${longest}a`), joinName("s", `${longest}b`)];
  expect(a).toHaveLength(MAX_NAME_LENGTH);
  expect(b).toHaveLength(MAX_NAME_LENGTH);
  expect(a).not.toBe(b);
});

it("parts a URI at its first plus", () => {
  expect(partUri(joinUri("a-b", "x+y://z+1"))).toEqual({ prefix: "a-b", rest: "x+y://z+1" });
  expect(partUri("note://1")).toBeUndefined();
});

it("leaves names and URIs of a server without a prefix as they are", () => {
  expect(joinName("", "echo")).toBe("echo");
  expect(joinUri("", "note://1")).toBe("note://1");
});
