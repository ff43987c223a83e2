import { CONTRACT_VERSION, type ServerModule } from "#shared/core/contract.ts";
import type { Catalogue } from "./catalogue.ts";

/** The module that endpoints see. Lists may change at any time, because servers come and go. */
export function facadeModule(
  mount: { readonly catalogue: Catalogue },
  cacheScope: "public" | "private" = "public",
): ServerModule {
  return {
    contract: CONTRACT_VERSION,
    cacheScope,
    port: 0,
    toolsets: {},
    get name() {
      return mount.catalogue.name;
    },
    get title() {
      return mount.catalogue.title;
    },
    get version() {
      return mount.catalogue.version;
    },
    get description() {
      return mount.catalogue.description;
    },
    get instructions() {
      return mount.catalogue.instructions;
    },
    get features() {
      return {
        ...mount.catalogue.features,
        listChanged: ["tools", "prompts", "resources"] as const,
      };
    },
    get tools() {
      return mount.catalogue.tools.map((listing) => ({ listing }));
    },
    get resources() {
      return mount.catalogue.resources;
    },
    get resourceTemplates() {
      return mount.catalogue.resourceTemplates;
    },
    get prompts() {
      return mount.catalogue.prompts;
    },
    open: () => Promise.reject(new Error("A mount is opened by its gateway")),
  };
}
