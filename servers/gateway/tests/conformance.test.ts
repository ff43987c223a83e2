import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { testFolder, writeConfig } from "./support/folders.ts";
import { startWith } from "./support/gateway.ts";

/** The suite, and the server that it tests, are of the repository that this folder stands in. */
const RUNNER = resolve("../../scripts/conformance/suite.ts");
const FIXTURE = resolve("../../shared/tests/fixtures/conformance/server.ts");
const SUITE = resolve("../../scripts/conformance/node_modules/@modelcontextprotocol/conformance");
const isThere = [RUNNER, FIXTURE, SUITE].every((path) => existsSync(path));

/** Over HTTP a client of 2025 is asked on one request and answers on another: there is nothing between them. */
const NEEDS_A_SESSION = [
  "elicitation-sep1034-defaults",
  "elicitation-sep1330-enums",
  "tools-call-elicitation",
  "tools-call-sampling",
];

/** Scenarios that the suite requires; fewer mean that it did not finish. */
const REVISIONS = [
  ["2025-11-25", 30, NEEDS_A_SESSION],
  ["2026-07-28", 37, [] as string[]],
] as const;

beforeAll(() => ensureBuilt(), 60_000);

async function buildFixture(): Promise<string> {
  const folder = join(await testFolder(), "fixture-server");
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  const bundle = await rolldown({
    input: { server: FIXTURE },
    platform: "node",
    logLevel: "silent",
  });
  await bundle.write({ dir: join(folder, "dist"), format: "esm" });
  await bundle.close();
  return folder;
}

describe.skipIf(!isThere)("the official conformance suite (pnpm conformance installs it)", () => {
  describe.each(REVISIONS)("of %s", (revision, required, refused) => {
    it.each(["/fixture/mcp", "/mcp"])(
      "passes at %s",
      async (path) => {
        const { runSuite, suiteIsInstalled } = await import(pathToFileURL(RUNNER).href);
        expect(suiteIsInstalled()).toBe(true);
        const entry = { package: await buildFixture(), prefix: "" };
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
