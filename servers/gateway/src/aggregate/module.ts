import type { Instance, OpenOptions, ServerModule } from "#shared/core/contract.ts";
import { CONTRACT_VERSION } from "#shared/core/contract.ts";
import type { Manifest } from "#shared/core/definition.ts";
import { healthResource } from "#shared/core/resources.ts";
import type { MountView } from "../policy/mount-view.ts";

const INTRODUCTION =
  "This gateway offers the tools of several servers. A tool's name starts with its server's: server__tool.";
const FIRST_LINE = /^[^\n]*/;

/** What a model should know before it uses the tools: a line a server. */
export function aggregateInstructions(mounts: readonly MountView[]): string {
  if (mounts.length === 0) return "This gateway has no servers yet.";
  const lines = mounts.map(({ name, catalogue }) => {
    const about = catalogue.instructions || catalogue.description || catalogue.title;
    return `- ${name}: ${FIRST_LINE.exec(about)?.[0] ?? ""}`;
  });
  return [INTRODUCTION, ...lines].join("\n");
}

/** All mounts as one server. `mounts` are those of the last `open`; before it there are none. */
export function aggregateModule(
  { name, version, description, flotilla }: Manifest,
  mounts: () => readonly MountView[],
  open: (options: OpenOptions) => Promise<Instance>,
  cacheScope: "public" | "private" = "public",
): ServerModule {
  const any = (feature: "logging" | "completions" | "subscribe") =>
    mounts().some(({ catalogue }) => catalogue.features[feature]);
  return {
    contract: CONTRACT_VERSION,
    name,
    title: flotilla.title,
    version,
    description,
    port: flotilla.port,
    cacheScope,
    get instructions() {
      return aggregateInstructions(mounts());
    },
    get features() {
      return {
        logging: any("logging"),
        completions: any("completions"),
        subscribe: any("subscribe"),
        listChanged: ["tools", "prompts", "resources"] as const,
      };
    },
    toolsets: {},
    // what the definition itself has; what is mounted belongs to the instance
    tools: [],
    resources: [healthResource],
    resourceTemplates: [],
    prompts: [],
    open,
  };
}
