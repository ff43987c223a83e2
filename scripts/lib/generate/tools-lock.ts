import type { ToolEntry } from "../../../shared/core/contract.ts";
import { canonicalJson, prettyJson, sha256 } from "./canonical-json.ts";
import type { ServerFacts, VariableFacts } from "./facts.ts";

/** Raised when a reader of an older lock file would misread a newer one. */
const LOCK_VERSION = 1;

/**
 * `tools.lock.json`: the public contract of a server, and what its stdio entry answers from before
 * the server itself is loaded (`ToolsLock` in shared/mcp). The hash of a tool covers all that a
 * client sees of it, so a changed description shows as plainly as a changed schema. Listings keep
 * the order of the definition, because that is how they are sent.
 */
export function renderToolsLock({ server, variables }: ServerFacts): string {
  const { contract, name, title, version, description, instructions, port } = server;
  return prettyJson({
    $comment: "Written by pnpm generate from src/. Do not edit.",
    lockVersion: LOCK_VERSION,
    contract,
    name,
    title,
    version,
    description,
    instructions,
    port,
    features: server.features,
    variables: Object.fromEntries(byName(variables).map((one) => [one.name, lockVariable(one)])),
    toolsets: server.toolsets,
    tools: server.tools.map(lockTool),
    resources: server.resources,
    resourceTemplates: server.resourceTemplates,
    prompts: server.prompts,
  });
}

const byName = (variables: readonly VariableFacts[]) =>
  [...variables].sort((a, b) => (a.name < b.name ? -1 : 1));

/** A flag has its default, because tools may depend on it; other values say nothing about lists. */
function lockVariable({
  kind,
  type,
  default: fallback,
  profiles,
  required,
  secret,
  family,
}: VariableFacts) {
  const isFlag = type === "boolean";
  const asFlags = Object.entries(profiles).map(([profile, value]) => [profile, value === "true"]);
  return {
    kind,
    ...(isFlag && fallback !== undefined && { default: fallback === "true" }),
    ...(isFlag && asFlags.length > 0 && { profiles: Object.fromEntries(asFlags) }),
    ...(required && { required }),
    ...(secret && { secret }),
    ...(family && { family }),
  };
}

function lockTool({ listing, toolset, feature }: ToolEntry) {
  return {
    ...listing,
    ...(toolset !== undefined && { toolset }),
    ...(feature !== undefined && { feature }),
    hash: sha256(canonicalJson(listing)),
  };
}
