import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REASONS } from "../src/sandbox/refuse.ts";

const tests = readdirSync("tests", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts") && !path.startsWith("shared"))
  .map((path) => readFileSync(join("tests", path), "utf8"))
  .join("\n");
const readme = readFileSync("README.md", "utf8");

test.each(REASONS)("the reason %s is met by a test, and explained", (reason) => {
  expect(tests).toMatch(new RegExp(`["|/]${reason}["|/\\\\]`));
  expect(readme).toContain(`\`${reason}\``);
});
