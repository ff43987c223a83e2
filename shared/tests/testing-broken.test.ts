import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { withTempDir } from "#shared/testing/temp-dir.ts";

const RUN_MS = 120_000;

interface Report {
  numTotalTests: number;
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

/** Runs the suite on the broken server, in a process of its own because its failures are meant. */
async function runBroken(): Promise<Report> {
  const vitest = dirname(createRequire(import.meta.url).resolve("vitest/package.json"));
  return withTempDir(async (folder) => {
    const file = join(folder, "report.json");
    const args = ["run", "--config", "tests/testing-server/broken.config.ts"];
    const reporter = ["--reporter=json", `--outputFile=${file}`];
    const child = spawn(process.execPath, [join(vitest, "vitest.mjs"), ...args, ...reporter], {
      stdio: "ignore",
      timeout: RUN_MS,
    });
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    expect(code).toBe(1);
    return JSON.parse(await readFile(file, "utf8"));
  });
}

describe("the contract suite, on a server that breaks every promise", () => {
  it(
    "fails in every test but those that only need a server to be alive",
    async () => {
      const { numTotalTests, testResults } = await runBroken();
      const passed = testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ status }) => status === "passed")
        .map(({ fullName }) => fullName.replace("the contract of words-server ", ""));
      expect(numTotalTests).toBeGreaterThan(150);
      expect(passed).toMatchInlineSnapshot(`
        [
          "in memory 'the 1.x client' is answered a ping",
          "in memory 'the 2.x client, as of 2025' is answered a ping",
          "over stdio 'the 1.x client' is answered a ping",
          "over stdio 'the 2.x client, as of 2025' is answered a ping",
          "through fetch 'the 1.x client' is answered a ping",
          "through fetch 'the 2.x client, as of 2025' is answered a ping",
          "a process over stdio lists the same in both eras, but for what the newer one adds",
          "a process over HTTP is healthy and ready",
          "a process over HTTP /mcp is answered to this machine's own pages",
          "a process over HTTP /health is answered to this machine's own pages",
          "a process over HTTP /ready is answered to this machine's own pages",
          "a process over HTTP a body of exactly 4 MiB is read",
        ]
      `);
    },
    RUN_MS,
  );
});
