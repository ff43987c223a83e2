import { UsageError } from "../args.ts";
import type { ServerFacts } from "../generate/facts.ts";
import type { Group, Wanted } from "./choose.ts";
import type { DeploymentConfig } from "./config-schema.ts";
import { placeHash } from "./content-hash.ts";
import { type Cost, costOf } from "./cost.ts";
import { replicasOf, type Shipment, volumeVariable } from "./shipment.ts";
import { placeName, type State } from "./state.ts";
import type { Target } from "./target.ts";
import { targetNamed } from "./targets/all.ts";

/** One server that goes to one place. */
export interface Planned {
  shipment: Shipment;
  target: Target;
  /** How the note of what is deployed calls it. */
  place: string;
  hash: string;
  files: Readonly<Record<string, string>>;
  cost: Cost | undefined;
  /** Why it cannot go there. */
  refused?: string;
  /** The same is there already. */
  current: boolean;
}

export interface PlannedGroup extends Omit<Group, "wanted" | "only"> {
  planned: Planned[];
}

export interface PlanInputs {
  config: DeploymentConfig;
  environment: string;
  /** Instead of the environment's. */
  target?: string | undefined;
  state: State;
  /** Of a server's content. */
  hashOf(server: ServerFacts): string;
}

export function environmentNamed({ config, environment }: PlanInputs) {
  const found = config.environments[environment];
  if (found) return found;
  const names = Object.keys(config.environments).join(", ");
  throw new UsageError(`Unknown environment: ${environment}. Known: ${names}`);
}

/** Where everything goes, as what, and whether it has to. Asks nobody and needs no account. */
export function makePlan(groups: readonly Group[], inputs: PlanInputs): PlannedGroup[] {
  const target = targetNamed(inputs.target ?? environmentNamed(inputs).target);
  return groups.map(({ wanted, only, ...group }) => ({
    ...group,
    planned: wanted
      .filter(({ facts }) => only === undefined || facts === only)
      .map((one) => planOne(one, wanted, target, inputs)),
  }));
}

function planOne(one: Wanted, all: readonly Wanted[], target: Target, inputs: PlanInputs): Planned {
  const shipment = shipmentOf(one, all, inputs);
  const files = target.files(shipment);
  const hash = placeHash(inputs.hashOf(one.facts), files);
  const place = placeName(target.name, shipment.instance);
  const refused = refusal(one.facts, target, shipment);
  return {
    shipment,
    target,
    place,
    hash,
    files,
    cost: costOf(
      inputs.config,
      target.name,
      target.sold?.(shipment.resources) ?? shipment.resources,
      replicasOf(shipment),
    ),
    ...(refused && { refused }),
    current: inputs.state[place]?.hash === hash,
  };
}

const instanceOf = ({ owner, facts }: Wanted) =>
  owner === undefined ? facts.name : `${owner}-${facts.name}`;

function shipmentOf(one: Wanted, all: readonly Wanted[], inputs: PlanInputs): Shipment {
  const { registry, profile, region, replicas, variables, secrets } = environmentNamed(inputs);
  const { facts } = one;
  const required = facts.variables.filter(({ secret, required: needed }) => secret && needed);
  return {
    facts,
    instance: instanceOf(one),
    image: `${registry}/${facts.name}:${inputs.hashOf(facts)}`,
    profile,
    resources: one.resources,
    replicas: replicas ?? one.replicas,
    region,
    variables: { ...volumeVariable(facts), ...variables?.[facts.name] },
    secrets: [...new Set([...required.map(({ name }) => name), ...(secrets?.[facts.name] ?? [])])],
    neighbours: all
      .filter((other) => other !== one)
      .map((other) => ({ facts: other.facts, instance: instanceOf(other) })),
  };
}

function refusal(facts: ServerFacts, target: Target, shipment: Shipment): string | undefined {
  if (!facts.deploy.targets.includes(target.name)) {
    return `${facts.name} does not go to ${target.name}, only to ${facts.deploy.targets.join(", ")}`;
  }
  const known = new Map(facts.variables.map((one) => [one.name, one]));
  const names = [...Object.keys(shipment.variables), ...shipment.secrets];
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    return `${facts.name} has no variable ${unknown.join(", ")}. It has: ${[...known.keys()].join(", ")}`;
  }
  const shown = Object.keys(shipment.variables).filter((name) => known.get(name)?.secret);
  if (shown.length > 0)
    return `${shown.join(", ")} of ${facts.name} is a secret: name it in "secrets"`;
  return undefined;
}
