import type { Resources } from "../config-schema.ts";
import { environmentOf, regionAmong, replicasOf, type Shipment } from "../shipment.ts";
import { given, step, type Target } from "../target.ts";
import { yamlText } from "../texts.ts";

/** Render's instance types, the smallest first. */
const PLANS = [
  { plan: "starter", cpu: 0.5, memoryMiB: 512 },
  { plan: "standard", cpu: 1, memoryMiB: 2_048 },
  { plan: "pro", cpu: 2, memoryMiB: 4_096 },
  { plan: "pro plus", cpu: 4, memoryMiB: 8_192 },
  { plan: "pro max", cpu: 4, memoryMiB: 16_384 },
  { plan: "pro ultra", cpu: 8, memoryMiB: 32_768 },
];

const TARGET_CPU_PERCENT = 70;

export const render: Target = {
  name: "render",
  title: "Render",
  files: (shipment) => ({ "deploy/render.yaml": yamlText(blueprint(shipment)) }),
  tools: [{ names: ["render"], from: "https://render.com/docs/cli" }],
  pullsImage: false,
  needs: {
    RENDER_SERVICE_ID: "the service that the blueprint made: srv-... on its dashboard page",
  },
  steps: () => [step(`render deploys create ${given("RENDER_SERVICE_ID")} --wait --confirm`)],
};

function blueprint(shipment: Shipment) {
  const { facts, instance, secrets } = shipment;
  const region = regionAmong(shipment, /^(oregon|ohio|virginia|frankfurt|singapore)$/);
  const { min, max } = replicasOf(shipment);
  const { volume } = facts.deploy;
  return {
    services: [
      {
        type: "web",
        name: instance,
        runtime: "docker",
        plan: planFor(shipment.resources),
        ...(region && { region }),
        rootDir: facts.package.directory,
        dockerfilePath: "./Dockerfile",
        dockerContext: ".",
        healthCheckPath: "/ready",
        autoDeployTrigger: "checksPass",
        maxShutdownDelaySeconds: 35,
        ...(max > min
          ? {
              scaling: {
                minInstances: Math.max(1, min),
                maxInstances: max,
                targetCPUPercent: TARGET_CPU_PERCENT,
              },
            }
          : { numInstances: max }),
        envVars: [
          ...Object.entries(environmentOf(shipment)).map(([key, value]) => ({ key, value })),
          ...secrets.map((key) => ({ key, sync: false })),
        ],
        ...(volume && {
          disk: { name: "data", mountPath: volume.path, sizeGB: volume.sizeGiB },
        }),
      },
    ],
  };
}

/** The smallest instance type that has both, or the largest there is. */
function planFor({ cpu, memoryMiB }: Resources): string {
  const fitting = PLANS.find((one) => one.cpu >= cpu && one.memoryMiB >= memoryMiB);
  return (fitting ?? PLANS.at(-1))?.plan ?? "starter";
}
