import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { buildFixture, hasSuite, NEEDS_A_SESSION, RUNNER } from "./support/conformance.ts";
import { testFolder, writeConfig } from "./support/folders.ts";
import { startWith } from "./support/gateway.ts";

/** Scenarios that the suite requires; fewer mean that it did not finish. */
const REVISIONS = [
  ["2025-11-25", 30, NEEDS_A_SESSION],
  ["2026-07-28", 37, [] as string[]],
] as const;

beforeAll(() => ensureBuilt(), 60_000);

describe.skipIf(!hasSuite)("the official conformance suite (pnpm conformance installs it)", () => {
  describe.each(REVISIONS)("of %s", (revision, required, refused) => {
    it.each(["/fixture/mcp", "/mcp"])(
      "passes at %s",
      async (path) => {
        const { runSuite, suiteIsInstalled } = await import(pathToFileURL(RUNNER).href);
        expect(suiteIsInstalled()).toBe(true);
        const entry = { package: await buildFixture(await testFolder()), prefix: "" };
        const gateway = await startWith(await writeConfig(await testFolder(), { fixture: entry }));
        await gateway.says(/^ready +fixture/);
        const report = await runSuite(new URL(path, gateway.url).href, revision);
        expect(report.failed.sort(), report.output).toEqual(refused);
        expect(report.passed.length + report.failed.length).toBeGreaterThanOrEqual(required);
      },
      240_000,
    );
  });
});
