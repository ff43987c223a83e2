import type { Instance, ServerFeatures, ServerModule } from "#shared/core/contract.ts";

/** Milliseconds that a client may keep a list: lists change only when the server is replaced. */
const LIST_TTL_MS = 300_000;

type CacheScope = NonNullable<ServerModule["cacheScope"]>;

function hintsFor(cacheScope: CacheScope) {
  const list = { ttlMs: LIST_TTL_MS, cacheScope };
  return {
    "tools/list": list,
    "prompts/list": list,
    "resources/list": list,
    "resources/templates/list": list,
    "server/discover": list,
    "resources/read": { ttlMs: 0, cacheScope: "private" },
  } as const;
}

const HINTS = { public: hintsFor("public"), private: hintsFor("private") };

/** MCP 2026-07-28 states on each list how long, and for whom, it holds. */
export const listCacheOf = ({ cacheScope = "public" }: Pick<ServerModule, "cacheScope">) =>
  HINTS[cacheScope];

/** The features of a server, as its definition or its lock file has them. */
export type Features = Omit<ServerFeatures, "listChanged"> & { listChanged: readonly string[] };

/** What the server says it can do; `listChanged` only where it can happen. */
export function capabilitiesOf(
  { features }: { features: Features },
  instance: Pick<Instance, "prompts">,
) {
  const changes = (list: "tools" | "prompts" | "resources") =>
    features.listChanged.includes(list) ? { listChanged: true } : {};
  return {
    tools: changes("tools"),
    resources: { ...changes("resources"), ...(features.subscribe && { subscribe: true }) },
    ...((instance.prompts.length > 0 || features.listChanged.includes("prompts")) && {
      prompts: changes("prompts"),
    }),
    ...(features.completions && { completions: {} }),
    ...(features.logging && { logging: {} }),
  };
}
