import type { ToolEntry } from "../../../shared/core/contract.ts";
import { TARGET_NAMES } from "../../lib/deploy/target-names.ts";
import type { ServerFacts, VariableFacts } from "../../lib/generate/facts.ts";

/** A tool that reads, unless told otherwise. */
export function toolEntry(name: string, more: Partial<ToolEntry> = {}, readOnly = true): ToolEntry {
  return {
    listing: {
      name,
      title: `The ${name}`,
      description: `Does ${name}. Use it when you must.`,
      inputSchema: { type: "object", properties: { b: {}, a: {} } },
      annotations: {
        readOnlyHint: readOnly,
        destructiveHint: !readOnly,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
    ...more,
  };
}

export function variable(name: string, more: Partial<VariableFacts> = {}): VariableFacts {
  return {
    name,
    describe: `What ${name} is for`,
    secret: false,
    required: false,
    profiles: {},
    type: "string",
    kind: "text",
    standard: false,
    ...more,
  };
}

const server: ServerFacts["server"] = {
  contract: 1,
  name: "wind-server",
  title: "Wind",
  version: "1.2.3",
  description: "Tells the wind",
  instructions: "Ask for a place.",
  port: 3456,
  features: { logging: false, completions: false, subscribe: false, listChanged: [] },
  tools: [
    toolEntry("get_wind"),
    toolEntry("set_wind", { toolset: "admin", feature: "FEATURE_SET" }, false),
  ],
  toolsets: { admin: { describe: "For those who may", default: false } },
  resources: [],
  resourceTemplates: [],
  prompts: [],
};

const variables: VariableFacts[] = [
  variable("WIND_KEY", { secret: true, from: "wind.example/keys", kind: "checked" }),
  variable("WIND_LIMIT", { type: "number", default: "10", kind: "checked" }),
  variable("FEATURE_SET", { type: "boolean", default: "false", kind: "flag" }),
  variable("LOG_LEVEL", {
    standard: true,
    default: "info",
    profiles: { staging: "debug" },
    choices: ["debug", "info"],
    kind: ["debug", "info"],
  }),
  variable("READ_ONLY", { standard: true, type: "boolean", default: "false", kind: "flag" }),
  variable("TOOLSETS", { standard: true, default: "default" }),
  variable("PORT", { standard: true, type: "number", kind: "checked" }),
];

/** Facts of a server that has something of everything. */
export function serverFacts(
  more: {
    server?: Partial<ServerFacts["server"]>;
    package?: Partial<ServerFacts["package"]>;
    deploy?: Partial<ServerFacts["deploy"]>;
    variables?: VariableFacts[];
  } = {},
): ServerFacts {
  return {
    name: "wind-server",
    server: { ...server, ...more.server },
    package: {
      mcpName: "io.github.someone/wind-server",
      license: "MIT",
      author: "someone",
      node: ">=20.19",
      repository: "https://github.com/someone/servers",
      directory: "servers/wind-server",
      runtimePackages: [],
      ...more.package,
    },
    deploy: {
      targets: [...TARGET_NAMES],
      resources: { cpu: 0.25, memoryMiB: 256 },
      replicas: { min: 1, max: 4 },
      egress: [],
      ...more.deploy,
    },
    variables: more.variables ?? variables,
    regions: {},
  };
}

/** The same of a server with another name. */
export const named = (name: string, more: Parameters<typeof serverFacts>[0] = {}): ServerFacts => ({
  ...serverFacts(more),
  name,
});
