import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The configuration of the server in the working directory, with a plugin that writes how many
 * bytes each module has in the bundle to the file that MODULE_SIZES names.
 */
const { default: own } = await import(
  pathToFileURL(join(process.cwd(), "rolldown.config.js")).href
);

const moduleSizes = {
  name: "module-sizes",
  generateBundle(_options, bundle) {
    const sizes = Object.values(bundle)
      .filter((output) => output.type === "chunk")
      .flatMap((chunk) => Object.entries(chunk.modules))
      .map(([id, { renderedLength }]) => ({ id, bytes: renderedLength }));
    writeFileSync(process.env.MODULE_SIZES, JSON.stringify(sizes));
  },
};

export default { ...own, plugins: [...(own.plugins ?? []), moduleSizes] };
