import type { ServerFeatures, ServerModule } from "#shared/core/contract.ts";
import { openedModule } from "../mounts/opened-module.ts";
import { cut, MAX_DESCRIPTION, MAX_INSTRUCTIONS, MAX_TITLE } from "./bounds.ts";
import type { ServerFacts } from "./facts.ts";
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
  return openedModule({
    name: cut(name, MAX_TITLE),
    title: cut(title ?? name, MAX_TITLE),
    version: cut(version, MAX_TITLE),
    description: cut(description, MAX_DESCRIPTION),
    instructions: cut(instructions, MAX_INSTRUCTIONS),
    port: 0,
    features,
  });
}
