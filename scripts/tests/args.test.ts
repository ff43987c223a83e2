import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countFrom } from "../lib/args.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { runNode } from "../lib/run.ts";

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

const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(repositoryRoot, "package.json"), "utf8"),
);
/** These two hand their options on to the gateway, which they build first. */
const HANDS_ON = ["gateway", "start"];
const commands = Object.entries(scripts).filter(
  ([name, line]) => line.startsWith("node ") && !HANDS_ON.includes(name),
);

test.each(commands)("pnpm %s refuses an option that it does not know", async (_, line) => {
  const args = [...line.split(" ").slice(1), "--no-such-option"];
  const { ok, output } = await runNode(args, { cwd: repositoryRoot, timeoutSeconds: 60 });
  expect(ok).toBe(false);
  expect(output).toContain("--no-such-option");
  expect(output, "and says how it is used").toContain("Usage: pnpm ");
});

test("pnpm gateway keys --help is the help of keys", { timeout: 60_000 }, async () => {
  const args = ["--import", "tsx", "scripts/gateway.ts", "keys", "--help"];
  const { output } = await runNode(args, { cwd: repositoryRoot, timeoutSeconds: 60 });
  expect(output).toContain("Usage: gateway keys");
});
