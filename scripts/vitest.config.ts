import { defineConfig } from "vitest/config";

export default defineConfig({
  // Else vite makes a node_modules of its own in this folder.
  cacheDir: "../node_modules/.vite",
  test: {
    name: "scripts",
    include: ["tests/**/*.test.ts"],
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // These tests start git, node and whole suites; on a busy machine that takes its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
