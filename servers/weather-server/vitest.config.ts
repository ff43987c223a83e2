// Copied from shared/toolchain/vitest.config.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // They bound what hangs: on a busy machine a process alone takes seconds to start.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
