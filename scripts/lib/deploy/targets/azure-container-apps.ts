import type { Resources } from "../config-schema.ts";
import { environmentOf, regionAmong, replicasOf, type Shipment, secretName } from "../shipment.ts";
import { given, step, type Target } from "../target.ts";
import { yamlText } from "../texts.ts";

const FILE = "deploy/azure-container-app.yaml";

/** Container Apps sell a quarter of a CPU with half a GiB, and whole multiples of both. */
const CPU_STEP = 0.25;
const MIB_STEP = 512;
const MOST_STEPS = 16;

export const azureContainerApps: Target = {
  name: "azure-container-apps",
  title: "Azure Container Apps",
  files: (shipment) => ({ [FILE]: yamlText(app(shipment)) }),
  tools: [{ names: ["az"], from: "https://learn.microsoft.com/cli/azure/install-azure-cli" }],
  sold,
  pullsImage: true,
  needs: {
    AZURE_RESOURCE_GROUP: "the resource group of the apps",
    AZURE_CONTAINERAPPS_ENVIRONMENT_ID: "az containerapp env show --query id",
    AZURE_KEY_VAULT_URL: "the vault of the secrets, https://<name>.vault.azure.net",
  },
  steps: ({ instance }) => [
    step(
      `az containerapp create --name ${instance} --resource-group ${given("AZURE_RESOURCE_GROUP")} --yaml ${FILE}`,
    ),
  ],
};

function app(shipment: Shipment) {
  const { facts, instance, image, secrets } = shipment;
  const region = regionAmong(shipment, /^[a-z]+\d?$/);
  const { min, max } = replicasOf(shipment);
  const size = sold(shipment.resources);
  return {
    type: "Microsoft.App/containerApps",
    ...(region && { location: region }),
    identity: { type: "SystemAssigned" },
    properties: {
      managedEnvironmentId: given("AZURE_CONTAINERAPPS_ENVIRONMENT_ID"),
      configuration: {
        activeRevisionsMode: "Single",
        ingress: {
          external: true,
          targetPort: facts.server.port,
          transport: "auto",
          allowInsecure: false,
        },
        ...(secrets.length > 0 && {
          secrets: secrets.map((name) => ({
            name: secretName(instance, name),
            keyVaultUrl: `${given("AZURE_KEY_VAULT_URL")}/secrets/${secretName(instance, name)}`,
            identity: "system",
          })),
        }),
      },
      template: {
        terminationGracePeriodSeconds: 35,
        containers: [
          {
            name: facts.name,
            image,
            resources: { cpu: size.cpu, memory: `${size.memoryMiB / 1_024}Gi` },
            env: [
              ...Object.entries(environmentOf(shipment)).map(([name, value]) => ({ name, value })),
              ...secrets.map((name) => ({ name, secretRef: secretName(instance, name) })),
            ],
            probes: [
              { type: "Startup", ...probe(facts.server.port, "/health", 1) },
              { type: "Liveness", ...probe(facts.server.port, "/health", 30) },
              { type: "Readiness", ...probe(facts.server.port, "/ready", 5) },
            ],
          },
        ],
        scale: {
          minReplicas: min,
          maxReplicas: max,
          rules: [{ name: "http", http: { metadata: { concurrentRequests: "80" } } }],
        },
      },
    },
  };
}

const probe = (port: number, path: string, periodSeconds: number) => ({
  httpGet: { path, port },
  periodSeconds,
});

function sold({ cpu, memoryMiB }: Resources): Resources {
  const steps = Math.min(
    MOST_STEPS,
    Math.max(Math.ceil(cpu / CPU_STEP), Math.ceil(memoryMiB / MIB_STEP)),
  );
  return { cpu: steps * CPU_STEP, memoryMiB: steps * MIB_STEP };
}
