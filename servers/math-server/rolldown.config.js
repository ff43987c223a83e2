// Copied from shared/toolchain/rolldown.config.js by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { readFileSync } from "node:fs";

/** What package.json calls a dependency is native or wasm and stays outside; all the rest is bundled. */
const { dependencies = {} } = JSON.parse(readFileSync("package.json", "utf8"));

export default {
  input: { stdio: "src/stdio.ts", http: "src/http.ts", server: "src/server.ts" },
  platform: "node",
  external: Object.keys(dependencies).flatMap((name) => [name, new RegExp(`^${name}/`)]),
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    // names stay readable in stack traces; white space and dead code do not have to be parsed
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  },
};
