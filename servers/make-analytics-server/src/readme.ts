import { renderHonesty, renderSources } from "#shared/make-api/readme.ts";
import { categories } from "./categories.ts";
import { tools } from "./tools.ts";

/** Regions of README.md that only a server on the Make API has. */
export const regions = {
  honesty: renderHonesty(categories),
  sources: renderSources(tools),
};
