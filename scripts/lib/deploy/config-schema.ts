import * as z from "zod";
import { TARGET_NAMES } from "./target-names.ts";

/** Kubernetes and DNS take no other names, and instances are called "<client>-<server>". */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "lower case letters, digits and hyphens, at most 40");

const MAX_REPLICAS = 100;
export const replicasSchema = z
  .strictObject({
    min: z.int().min(0).max(MAX_REPLICAS).describe("Kept running even when nobody calls"),
    max: z.int().min(1).max(MAX_REPLICAS).describe("Never exceeded, whatever the load"),
  })
  .refine(({ min, max }) => min <= max, "min is more than max")
  .describe("How many copies of each server run");

/** The least in which a server answers: what the container test runs it in. */
export const MIN_MEMORY_MIB = 256;

export const resourcesSchema = z
  .strictObject({
    cpu: z.number().min(0.1).max(16).describe("Virtual CPUs of one copy"),
    memoryMiB: z.int().min(MIN_MEMORY_MIB).max(65_536).describe("Memory of one copy"),
  })
  .describe("What one copy of a server gets. A server whose package.json asks for more gets that");

const money = z.number().min(0).max(1_000_000);

const tier = z
  .strictObject({
    title: z.string().min(1).max(100),
    servers: z.array(name).min(1).max(100).describe("Folders under servers/"),
    resources: resourcesSchema,
    replicas: replicasSchema,
    price: money.describe("What a client of this tier pays a month"),
  })
  .describe("A set of servers that is sold, deployed and allowed together");

const override = z
  .union([
    z.literal(false).describe("This client does not get the server"),
    resourcesSchema.partial().extend({ replicas: replicasSchema.optional() }),
  ])
  .describe("What differs for this server; a server that the tier has not is added");

const client = z
  .strictObject({
    tier: name,
    overrides: z.record(name, override).optional().describe("By server"),
    price: money.optional().describe("A month, where it differs from the tier's"),
  })
  .describe("Somebody who gets the servers of a tier, in instances of their own");

const target = z.enum(TARGET_NAMES);

const environment = z
  .strictObject({
    target: target.describe("Where servers go unless --target says otherwise"),
    registry: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.:-]*(\/[a-z0-9._-]+)+$/, "a registry and a path, like ghcr.io/acme")
      .describe("Where images are pushed"),
    region: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, "one word")
      .describe("In the words of the host"),
    profile: z
      .enum(["staging", "production"])
      .describe("ENVIRONMENT of the servers: the defaults of their configuration"),
    replicas: replicasSchema.optional().describe("Instead of the tier's"),
    url: z
      .string()
      .regex(/^https?:\/\/[^\s{}]*\{instance\}[^\s{}]*$/, "an address with {instance} in it")
      .optional()
      .describe("Where an instance answers, for the look at it after it was deployed"),
    variables: z
      .record(name, z.record(z.string(), z.string()))
      .optional()
      .describe("By server: variables that differ here"),
    secrets: z
      .record(name, z.array(z.string()))
      .optional()
      .describe("By server: names of variables whose values the host keeps"),
  })
  .describe("A place that servers are deployed to");

const rate = z
  .strictObject({
    cpuHour: money.describe("One virtual CPU for one hour"),
    memoryGiBHour: money.describe("One GiB of memory for one hour"),
    source: z.url().describe("The host's price list"),
    asOf: z.iso.date().describe("When it was read"),
  })
  .describe("What the host asks for a copy that always runs; edit it to what you pay");

export const deploymentConfigSchema = z
  .strictObject({
    $schema: z.string().optional(),
    currency: z.string().length(3).describe("Of every price here, like USD"),
    tiers: z.record(name, tier),
    clients: z.record(name, client),
    environments: z.record(name, environment),
    rates: z.partialRecord(target, rate).describe("By target; without one no cost is worked out"),
  })
  .describe("Which servers exist for whom, on what, at what price");

export type DeploymentConfig = z.infer<typeof deploymentConfigSchema>;
export type Resources = z.infer<typeof resourcesSchema>;
export type Replicas = z.infer<typeof replicasSchema>;

/** The schema as it is published, for editors and for the gateway. */
export function publishedSchema(): unknown {
  return {
    ...z.toJSONSchema(deploymentConfigSchema, { io: "input" }),
    title: "Flotilla deployment-config.json",
  };
}
