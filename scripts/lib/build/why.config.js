import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The configuration of the server in the working directory, with a plugin that writes how many
 * bytes each module has in its bundles to the file that MODULE_SIZES names.
 */
const { default: own } = await import(
  pathToFileURL(join(process.cwd(), "rolldown.config.js")).href
);

const sizes = [];
const moduleSizes = {
  name: "module-sizes",
  generateBundle(_options, bundle) {
    for (const output of Object.values(bundle)) {
      if (output.type !== "chunk") continue;
      for (const [id, { renderedLength }] of Object.entries(output.modules)) {
        sizes.push({ id, bytes: renderedLength });
      }
    }
    writeFileSync(process.env.MODULE_SIZES, JSON.stringify(sizes));
  },
};

export default [own].flat().map((bundle) => ({
  ...bundle,
  plugins: [...(bundle.plugins ?? []), moduleSizes],
}));
