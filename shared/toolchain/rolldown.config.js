import { readFileSync } from "node:fs";

/** What package.json calls a dependency is native or wasm and stays outside; all the rest is bundled. */
const { dependencies = {}, flotilla = {} } = JSON.parse(readFileSync("package.json", "utf8"));

/** Every server has these; `flotilla.entries` names further files of src/ that others load. */
const entries = ["stdio", "http", "server", ...(flotilla.entries ?? [])];

export default {
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
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
