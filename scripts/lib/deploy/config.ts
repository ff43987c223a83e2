import { existsSync } from "node:fs";
import { join } from "node:path";
import { SharedError } from "../copy/errors.ts";
import { readJson } from "../copy/json.ts";
import { type DeploymentConfig, deploymentConfigSchema } from "./config-schema.ts";

const FILE = "deployment-config.json";

/** Reads deployment-config.json; every fault in it is named at once. */
export function readDeploymentConfig(root: string): DeploymentConfig {
  const file = join(root, FILE);
  if (!existsSync(file)) throw new SharedError(`${FILE} is not there: it says what is deployed`);
  const parsed = deploymentConfigSchema.safeParse(readJson(file, FILE));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new SharedError(`${FILE}: ${faults.join("; ")}`);
  }
  const unknown = Object.entries(parsed.data.clients)
    .filter(([, { tier }]) => !(tier in parsed.data.tiers))
    .map(([client, { tier }]) => `clients.${client}.tier: there is no tier ${tier}`);
  const twice = Object.keys(parsed.data.clients)
    .filter((client) => client in parsed.data.tiers)
    .map((client) => `clients.${client}: a tier has this name, and instances are named by both`);
  const faults = [...unknown, ...twice];
  if (faults.length > 0) throw new SharedError(`${FILE}: ${faults.join("; ")}`);
  return parsed.data;
}
