import type { DeploymentConfig, Replicas, Resources } from "../deploy/config-schema.ts";
import { TARGET_NAMES } from "../deploy/target-names.ts";
import { TARGETS } from "../deploy/targets/all.ts";
import { type ServerFacts, shortName } from "./facts.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** DEPLOYMENT.md's tables: who gets what, and what goes where. */
export function deploymentTables(
  config: DeploymentConfig,
  servers: readonly ServerFacts[],
): Record<string, string> {
  return {
    tiers: tiersTable(config),
    clients: clientsTable(config),
    targets: targetsTable(servers),
  };
}

const size = ({ cpu, memoryMiB }: Resources) => `${cpu} CPU, ${memoryMiB} MiB`;
const copies = ({ min, max }: Replicas) => (min === max ? String(min) : `${min} to ${max}`);

const tiersTable = ({ tiers, currency }: DeploymentConfig) =>
  markdownTable(
    ["Tier", "Servers", "Each copy", "Copies", "Price a month"],
    Object.entries(tiers).map(([name, { servers, resources, replicas, price }]) => [
      code(name),
      servers.map(shortName).join(", "),
      size(resources),
      copies(replicas),
      `${price} ${currency}`,
    ]),
  );

const clientsTable = ({ clients, tiers, currency }: DeploymentConfig) =>
  markdownTable(
    ["Client", "Tier", "What differs", "Price a month"],
    Object.entries(clients).map(([name, { tier, overrides = {}, price }]) => [
      code(name),
      code(tier),
      Object.entries(overrides)
        .map(([server, override]) => `${shortName(server)}: ${differs(override)}`)
        .join("; "),
      `${price ?? tiers[tier]?.price} ${currency}`,
    ]),
  );

function differs(
  override: NonNullable<DeploymentConfig["clients"][string]["overrides"]>[string],
): string {
  if (override === false) return "not there";
  const { cpu, memoryMiB, replicas } = override;
  return [
    cpu !== undefined && `${cpu} CPU`,
    memoryMiB !== undefined && `${memoryMiB} MiB`,
    replicas && `${copies(replicas)} copies`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** Every target, and the servers that go there. */
const targetsTable = (servers: readonly ServerFacts[]) =>
  markdownTable(
    ["Target", "What it is", "Servers"],
    TARGET_NAMES.map((name) => [
      code(name),
      TARGETS[name].title,
      servers
        .filter(({ deploy }) => deploy.targets.includes(name))
        .map((one) => shortName(one.name))
        .join(", "),
    ]),
  );
