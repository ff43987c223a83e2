import { CONTRACT_VERSION, type ServerModule } from "./contract.ts";
import { emptyConfig, type ServerDefinition } from "./definition.ts";
import { openInstance } from "./instance.ts";
import { lazily } from "./lazily.ts";
import { promptListing, resourceListings, templateListings, toolEntry } from "./listing.ts";
import { healthResource } from "./resources.ts";
import { uriMatcher } from "./uri-template.ts";

const NO_FEATURES = {
  logging: false,
  completions: false,
  subscribe: false,
  listChanged: [],
} as const;

/**
 * Makes a server of its definition. Throws a TypeError when the definition contradicts itself, so
 * that a mistake shows at the first start and not at a call. Lists are made on first use.
 */
export function createServer(definition: ServerDefinition): ServerModule {
  checkDefinition(definition);
  const { manifest, instructions, toolsets = {}, resources = [], prompts = [] } = definition;
  const toolEntries = lazily(() => definition.tools.map(toolEntry));
  const promptListings = lazily(() => prompts.map(promptListing));
  const module: ServerModule = {
    contract: CONTRACT_VERSION,
    name: manifest.name,
    title: manifest.flotilla.title,
    version: manifest.version,
    description: manifest.description,
    instructions,
    port: manifest.flotilla.port,
    features: { ...NO_FEATURES, ...definition.features },
    get tools() {
      return toolEntries();
    },
    toolsets: Object.fromEntries(
      Object.entries(toolsets).map(([key, { describe, default: on = false }]) => [
        key,
        { describe, default: on },
      ]),
    ),
    resources: [healthResource, ...resourceListings(resources)],
    resourceTemplates: templateListings(resources),
    get prompts() {
      return promptListings();
    },
    open: async (options) => openInstance(module, definition, options),
  };
  return module;
}

function checkDefinition({
  manifest: { name },
  tools,
  toolsets = {},
  config = emptyConfig,
  resources = [],
  prompts = [],
}: ServerDefinition): void {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new TypeError(`"${name}" is no name for a server: lower case, digits and hyphens`);
  requireUnique(
    "tool",
    tools.map((tool) => tool.name),
  );
  requireUnique(
    "prompt",
    prompts.map((prompt) => prompt.name),
  );
  requireUnique(
    "resource",
    resources.map((resource) => ("uri" in resource ? resource.uri : resource.uriTemplate)),
  );
  for (const { name: tool, toolset, feature } of tools) {
    if (toolset !== undefined && !(toolset in toolsets))
      throw new TypeError(
        `${tool} is in the toolset "${toolset}", which the server does not define`,
      );
    if (feature !== undefined && !(feature in config.variables))
      throw new TypeError(`${tool} depends on ${feature}, which the configuration does not define`);
  }
  for (const resource of resources) if ("uriTemplate" in resource) uriMatcher(resource.uriTemplate);
}

function requireUnique(kind: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`Two of the server's ${kind}s are named "${twice}"`);
}
