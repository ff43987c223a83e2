import * as z from "zod";
import { SharedError } from "../copy/errors.ts";
import type { JsonObject } from "../copy/json.ts";
import { replicasSchema, resourcesSchema } from "./config-schema.ts";
import { TARGET_NAMES } from "./target-names.ts";

/** What a server that says nothing is given: it answers in this, which the container test shows. */
const SMALLEST = { cpu: 0.25, memoryMiB: 256 };

/** The part of package.json#flotilla that says where a server can be shipped to, and on what. */
const deployFacts = z.object({
  targets: z.array(z.enum(TARGET_NAMES)).default(["container", "npm", "mcpb", "mcp-registry"]),
  /** What one copy needs to do its work. */
  resources: resourcesSchema.default(SMALLEST),
  replicas: replicasSchema.default({ min: 1, max: 4 }),
  /** TCP ports on which it calls others; beside them it only asks for names. */
  egress: z.array(z.int().min(1).max(65_535)).max(20).default([]),
  /** A folder that outlives a copy: then one copy runs at a time. */
  volume: z
    .object({
      path: z.string().regex(/^\/[a-z][a-z/]*$/),
      sizeGiB: z.int().min(1),
      variable: z.string(),
    })
    .optional(),
});

export type DeployFacts = z.infer<typeof deployFacts>;

/** Reads it; throws on a target that is not there, or where the server cannot run. */
export function readDeployFacts(flotilla: JsonObject, label: string): DeployFacts {
  const parsed = deployFacts.safeParse(flotilla);
  if (parsed.success) {
    assertNoNodeOnly(parsed.data, flotilla, label);
    return parsed.data;
  }
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new SharedError(`${label} flotilla.${faults.join("; flotilla.")}`);
}

/** undici, in shared/http-client, compiles WebAssembly as it runs, which Workers do not allow. */
function assertNoNodeOnly({ targets }: DeployFacts, { shared }: JsonObject, label: string): void {
  if (!targets.includes("cloudflare-workers")) return;
  if (!Array.isArray(shared) || !shared.includes("http-client")) return;
  throw new SharedError(
    `${label} flotilla.targets: a server with shared/http-client does not run on cloudflare-workers: leave it out`,
  );
}
