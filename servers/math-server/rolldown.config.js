// Copied from shared/toolchain/rolldown.config.js by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** What package.json calls a dependency is native or wasm, a peer is the user's own: both stay outside. */
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const { dependencies = {}, peerDependencies = {}, flotilla = {} } = manifest;
const external = Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [
  name,
  new RegExp(`^${name}/`),
]);

const output = {
  dir: "dist",
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name]-[hash].js",
  // functions keep their names for stack traces; white space, dead code and long names of variables are parsed for nothing
  minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
};

/** `flotilla.entries` names further files of src/ that others load. */
const entries = ["http", "server", ...(flotilla.entries ?? [])];

const entryFiles = new Set(entries.map((name) => resolve("src", `${name}.ts`)));
const isNoEntry = (id) => !entryFiles.has(resolve(id));

/** What the server needs at once, from module to module. */
function serverModules(context) {
  const found = new Set([resolve("src", "server.ts")]);
  for (const id of found)
    for (const needed of context.getModuleInfo(id)?.importedIds ?? []) found.add(needed);
  return found;
}

/** One file, because each more delays a first call. Further entries are small, and need a part of it. */
const serverGroup = {
  debugName: "server",
  name: (id, context) => (serverModules(context).has(id) ? "server" : null),
  tags: ["$initial"],
  priority: 1,
};

/**
 * The stdio entry lists tools without reading what it lists: that is a line of text a tool in a file
 * of its own. In the entry they would be parsed, made and written at every start, shown or not.
 */
const listingsApart = {
  name: "listings-apart",
  transform: {
    filter: { id: /tools\.lock\.json$/ },
    handler(code) {
      const { tools, ...lock } = JSON.parse(code);
      const lines = tools.map(({ toolset: _, feature: __, hash: ___, ...listing }) => listing);
      const source = lines.map((listing) => JSON.stringify(listing)).join("\n");
      this.emitFile({ type: "asset", fileName: "tools.jsonl", source });
      const switches = ({ toolset, feature, annotations }) => ({ toolset, feature, annotations });
      return JSON.stringify({ ...lock, tools: tools.map(switches) });
    },
  },
};

/**
 * What the stdio entry loads later is the server, as built. `require` loads a module of ES in less time
 * than `import`, which does it where the Node has no such `require` or the server waits while it loads.
 */
const serverApart = {
  name: "server-apart",
  resolveId: (id) => (id === "./server.ts" ? { id: "./server.js", external: true } : undefined),
  renderChunk: (code) =>
    code.replace(
      /import\((".\/server.js")\)/,
      `(() => { try { return require($1); } catch (error) { if (!/^ERR_REQUIRE_/.test(error.code)) throw error; return import($1); } })()`,
    ),
};

export default [
  {
    input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
    platform: "node",
    external,
    output: {
      ...output,
      cleanDir: true,
      // what the same entries need at once is one file; they themselves, and what is imported later, stay apart
      codeSplitting: {
        groups: [
          ...(flotilla.entries ? [] : [serverGroup]),
          { name: "main", tags: ["$initial"], test: isNoEntry, entriesAware: true },
        ],
      },
    },
  },
  {
    input: { stdio: "src/stdio.ts" },
    platform: "node",
    external,
    plugins: [serverApart, listingsApart],
    // Node starts a CommonJS file without loading what loads modules of ES
    output: { ...output, format: "cjs", entryFileNames: "[name].cjs" },
  },
];
