import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They make whole repositories and run whole suites: one that starts last ends alone. */
const LONGEST = ["whole-repository", "conformance"];

const placeOf = ({ moduleId }: TestSpecification) => {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return place === -1 ? LONGEST.length : place;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  // Else vite makes a node_modules of its own in this folder.
  cacheDir: "../node_modules/.vite",
  test: {
    name: "scripts",
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/support/build-servers.ts"],
    sequence: { sequencer: LongestFirst },
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // These tests start git, node and whole suites; on a busy machine that takes its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
