import { UsageError } from "../args.ts";
import type { ServerFacts } from "../generate/facts.ts";
import type { DeploymentConfig, Replicas, Resources } from "./config-schema.ts";

export interface Choice {
  tier?: string;
  client?: string;
  server?: string;
}

/** A server that somebody gets, before it is known where it goes. */
export interface Wanted {
  facts: ServerFacts;
  /** The tier or client that it is an instance of; else it is the server by itself. */
  owner?: string;
  resources: Resources;
  replicas: Replicas;
}

/** What is deployed and sold together. */
export interface Group {
  /** "tier basic", "client client-a, tier basic", "server greet-server" */
  title: string;
  /** What it is sold for a month; a single server has no price. */
  price?: number;
  wanted: Wanted[];
  /** The only one of them that is deployed now. The others are its neighbours all the same. */
  only?: ServerFacts;
  /** Servers of it that do not load. */
  broken: string[];
}

export interface Servers {
  /** Those whose definition could be read. */
  loaded: readonly ServerFacts[];
  /** Those that are there and do not load. */
  broken: readonly string[];
}

/** What is chosen by name; without a choice, what every client has. Throws on a name nobody knows. */
export function choose(
  config: DeploymentConfig,
  servers: Servers,
  { tier, client, server }: Choice,
): Group[] {
  if (tier !== undefined && client !== undefined) {
    throw new UsageError("--tier and --client say the same in two ways: give one");
  }
  assertThere(config, servers);
  const only = server === undefined ? undefined : serverNamed(servers, server);
  let groups: Group[];
  if (tier !== undefined) groups = [tierGroup(config, servers, known("tier", tier, config.tiers))];
  else if (client !== undefined) {
    groups = [clientGroup(config, servers, known("client", client, config.clients))];
  } else if (only) groups = [aloneGroup(config, servers, only)];
  else groups = Object.keys(config.clients).map((name) => clientGroup(config, servers, name));
  if (!only) return groups;
  if (groups.every(({ wanted }) => wanted.every(({ facts }) => facts !== only))) {
    throw new UsageError(`${only.name} is not in ${groups.map(({ title }) => title).join(", ")}`);
  }
  return groups.map((group) => ({ ...group, only }));
}

function known(what: string, name: string, among: Record<string, unknown>): string {
  if (Object.hasOwn(among, name)) return name;
  throw new UsageError(`Unknown ${what}: ${name}. Known: ${Object.keys(among).join(", ")}`);
}

function serverNamed({ loaded, broken }: Servers, name: string): ServerFacts {
  const found = loaded.find((one) => one.name === name || one.name === `${name}-server`);
  if (found) return found;
  if (broken.includes(name)) throw new Error(`${name} does not load`);
  const names = loaded.map((one) => one.name).join(", ");
  throw new UsageError(`Unknown server: ${name}. Known: ${names}`);
}

/** A server by itself, beside the others that are: all that some tier has, each as its package.json has it. */
function aloneGroup(config: DeploymentConfig, servers: Servers, only: ServerFacts): Group {
  const unsold = inNoTier(config, servers);
  const alone = servers.loaded.filter((one) => one === only || !unsold.includes(one.name));
  const wanted = alone.map((facts) => ({ facts, ...sizeOf(facts) }));
  return { title: `server ${only.name}`, wanted, broken: [] };
}

const sizeOf = ({ deploy: { resources, replicas } }: ServerFacts) => ({ resources, replicas });

function tierGroup(config: DeploymentConfig, servers: Servers, name: string): Group {
  const tier = config.tiers[name];
  if (!tier) throw new UsageError(`Unknown tier: ${name}`);
  const { resources, replicas, price } = tier;
  const broken = tier.servers.filter((one) => servers.broken.includes(one));
  const wanted = tier.servers
    .filter((one) => !broken.includes(one))
    .map((one) => serverNamed(servers, one))
    .map((facts) => ({
      facts,
      owner: name,
      resources: most(resources, facts.deploy.resources),
      replicas,
    }));
  return { title: `tier ${name}`, price, wanted, broken };
}

/** The tier's servers, as this client has them: without those left out, with those added. */
function clientGroup(config: DeploymentConfig, servers: Servers, name: string): Group {
  const client = config.clients[name];
  const tier = client && config.tiers[client.tier];
  if (!tier) throw new UsageError(`Unknown client: ${name}`);
  const overrides = client.overrides ?? {};
  const { wanted: shared, broken } = tierGroup(config, servers, client.tier);
  const added = Object.keys(overrides)
    .filter((one) => !tier.servers.includes(one))
    .map((one) => serverNamed(servers, one))
    .map((facts) => ({ facts, resources: tier.resources, replicas: tier.replicas }));
  const wanted = [...shared, ...added].flatMap(({ facts, resources, replicas }): Wanted[] => {
    const override = overrides[facts.name] ?? {};
    if (override === false) return [];
    const { cpu = resources.cpu, memoryMiB = resources.memoryMiB } = override;
    const asked = most({ cpu, memoryMiB }, facts.deploy.resources);
    return [{ facts, owner: name, resources: asked, replicas: override.replicas ?? replicas }];
  });
  const price = client.price ?? tier.price;
  return { title: `client ${name}, tier ${client.tier}`, price, wanted, broken };
}

/** A server never gets less than it needs. */
const most = (given: Resources, needed: Resources): Resources => ({
  cpu: Math.max(given.cpu, needed.cpu),
  memoryMiB: Math.max(given.memoryMiB, needed.memoryMiB),
});

/** Every server of every tier and override is there, also of those that are not chosen. */
function assertThere({ tiers, clients }: DeploymentConfig, { loaded, broken }: Servers): void {
  const names = [...loaded.map(({ name }) => name), ...broken];
  const named = [
    ...Object.entries(tiers).map(([tier, { servers }]) => [`Tier ${tier}`, servers] as const),
    ...Object.entries(clients).map(
      ([client, { overrides = {} }]) => [`Client ${client}`, Object.keys(overrides)] as const,
    ),
  ];
  for (const [who, servers] of named) {
    const missing = servers.filter((one) => !names.includes(one));
    if (missing.length === 0) continue;
    throw new UsageError(
      `${who} has servers that are not there: ${missing.join(", ")}. Known: ${names.join(", ")}`,
    );
  }
}

/** Servers that no tier has: built and tested, and sold to nobody. */
export function inNoTier(config: DeploymentConfig, { loaded, broken }: Servers): string[] {
  const sold = new Set(Object.values(config.tiers).flatMap((tier) => tier.servers));
  return [...loaded.map(({ name }) => name), ...broken].filter((name) => !sold.has(name)).sort();
}
