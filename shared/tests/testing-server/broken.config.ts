import { defineConfig } from "vitest/config";

/** Runs the suite that must fail; `testing-broken.test.ts` starts it. */
export default defineConfig({
  test: {
    include: ["tests/testing-server/broken.suite.ts"],
  },
});
