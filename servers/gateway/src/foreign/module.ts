import { CONTRACT_VERSION, type ServerFeatures, type ServerModule } from "#shared/core/contract.ts";
import type { ServerFacts } from "./session.ts";
import { objectOf } from "./wire.ts";

/** What a foreign server said of itself, as the contract has it. */
export function moduleOf(
  mount: string,
  { info, capabilities, instructions }: ServerFacts,
): ServerModule {
  const { name = mount, version = "0.0.0", title, description = "" } = info;
  const features: ServerFeatures = {
    logging: "logging" in capabilities,
    completions: "completions" in capabilities,
    subscribe: objectOf(capabilities.resources).subscribe === true,
    listChanged: ["tools", "prompts", "resources"],
  };
  return {
    contract: CONTRACT_VERSION,
    name,
    title: title ?? name,
    version,
    description,
    instructions,
    port: 0,
    features,
    tools: [],
    toolsets: {},
    resources: [],
    resourceTemplates: [],
    prompts: [],
    open: () => Promise.reject(new Error("It is open already")),
  };
}
