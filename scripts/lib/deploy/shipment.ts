import type { ServerFacts } from "../generate/facts.ts";
import type { Replicas, Resources } from "./config-schema.ts";

/** One server as it is to run at one place. Every file for a host is made of this and nothing else. */
export interface Shipment {
  facts: ServerFacts;
  /** What the host calls it: the server's name, behind that of its tier or client. */
  instance: string;
  /** Where the image is, with its tag. */
  image: string;
  profile: "staging" | "production";
  resources: Resources;
  replicas: Replicas;
  /** In the words of the host; empty leaves it to the host's own setting. */
  region: string;
  /** Plain variables that differ from what the server does without them. */
  variables: Readonly<Record<string, string>>;
  /** Variables whose values the host keeps, by name. */
  secrets: readonly string[];
  /** What is deployed with it, which a gateway puts behind its address. */
  neighbours: readonly { facts: ServerFacts; instance: string }[];
}

/** The one server that calls the others. */
export const isGateway = ({ name }: ServerFacts): boolean => name === "gateway";

/** What the committed files describe: one server in production, as its package.json has it. */
export function defaultShipment(facts: ServerFacts): Shipment {
  const { deploy, name, package: own, server } = facts;
  return {
    facts,
    instance: name,
    image: `ghcr.io/${new URL(own.repository).pathname.split("/")[1]}/${name}:${server.version}`,
    profile: "production",
    resources: deploy.resources,
    replicas: deploy.replicas,
    region: "",
    variables: volumeVariable(facts),
    secrets: facts.variables
      .filter(({ secret, required }) => secret && required)
      .map(({ name: variable }) => variable),
    neighbours: [],
  };
}

/** The folder that outlives a copy, told to the server by its own variable. */
export const volumeVariable = ({ deploy: { volume } }: ServerFacts): Record<string, string> =>
  volume ? { [volume.variable]: volume.path } : {};

/** Beside what the image sets: the profile, and what differs. */
export const environmentOf = ({ profile, variables }: Shipment): Record<string, string> => ({
  ENVIRONMENT: profile,
  ...variables,
});

/** With a folder of its own only one copy may write. */
export const replicasOf = ({ facts, replicas }: Shipment): Replicas =>
  facts.deploy.volume ? { min: 1, max: 1 } : replicas;

/**
 * The region where it is one of this host's; else nothing, and the host's own setting holds. An
 * environment has the words of one host, and --target may choose another.
 */
export const regionAmong = ({ region }: Shipment, form: RegExp): string | undefined =>
  form.test(region) ? region : undefined;

/** As hosts' stores of secrets take it: lower case, hyphens. */
export const secretName = (instance: string, variable: string): string =>
  `${instance}-${variable.toLowerCase().replaceAll("_", "-")}`;
