import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { type Address, describeAtEachSharing, startSharing } from "./support/address.ts";
import { buildFixture, hasSuite, RUNNER } from "./support/conformance.ts";
import { writeConfig } from "./support/folders.ts";

/** Scenarios that the suite requires; fewer mean that it did not finish. */
const REVISIONS = [
  ["2025-11-25", 30],
  ["2026-07-28", 37],
] as const;

describe.skipIf(!hasSuite)("the official conformance suite (pnpm conformance installs it)", () => {
  describeAtEachSharing((replicas) => {
    let root: string;
    let gateway: Address;
    beforeAll(async () => {
      await ensureBuilt();
      root = await realpath(await mkdtemp(join(tmpdir(), "gateway-conformance-")));
      const config = await writeConfig(root, {
        fixture: { package: await buildFixture(root), prefix: "" },
      });
      gateway = await startSharing(config, replicas, { ASK_OVER_HTTP: "true" });
    }, 60_000);
    afterAll(async () => {
      await gateway?.stop();
      await rm(root, { recursive: true, force: true });
    });

    // each takes its time by pauses of its own
    describe.concurrent.each(REVISIONS)("of %s", (revision, required) => {
      it.each(["/fixture/mcp", "/mcp"])(
        "passes at %s",
        async (path) => {
          const { runSuite } = await import(pathToFileURL(RUNNER).href);
          const report = await runSuite(new URL(path, gateway.url).href, revision);
          expect(report.failed, report.output).toEqual([]);
          expect(report.passed.length).toBeGreaterThanOrEqual(required);
        },
        240_000,
      );
    });
  });
});
