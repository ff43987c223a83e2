// Copied from shared/toolchain/vitest.config.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 20_000,
  },
});
