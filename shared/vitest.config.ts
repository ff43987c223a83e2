import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "shared",
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
