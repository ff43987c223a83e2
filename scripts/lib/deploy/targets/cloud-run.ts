import type { Resources } from "../config-schema.ts";
import { environmentOf, regionAmong, replicasOf, type Shipment, secretName } from "../shipment.ts";
import { step, type Target } from "../target.ts";
import { yamlText } from "../texts.ts";

const FILE = "deploy/cloud-run.yaml";

/** Below one virtual CPU Cloud Run gives a copy one request at a time. */
const LEAST_CPU = 1;
/** The second generation of its runtime takes no less. */
const LEAST_MIB = 512;
const CONCURRENCY = 80;
const TIMEOUT_SECONDS = 300;

export const cloudRun: Target = {
  name: "cloud-run",
  title: "Google Cloud Run",
  files: (shipment) => ({ [FILE]: yamlText(service(shipment)) }),
  tools: [{ names: ["gcloud"], from: "https://cloud.google.com/sdk/docs/install" }],
  sold,
  pullsImage: true,
  steps: (shipment) => {
    const region = regionAmong(shipment, /^[a-z]+-[a-z]+\d+$/);
    const where = region ? ` --region=${region}` : "";
    return [step(`gcloud run services replace ${FILE}${where} --quiet`)];
  },
};

function sold({ cpu, memoryMiB }: Resources): Resources {
  return { cpu: Math.max(LEAST_CPU, Math.ceil(cpu)), memoryMiB: Math.max(LEAST_MIB, memoryMiB) };
}

function service(shipment: Shipment) {
  const { facts, instance, image } = shipment;
  const { cpu, memoryMiB } = sold(shipment.resources);
  const { min, max } = replicasOf(shipment);
  return {
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: {
      name: instance,
      labels: { "app-server": facts.name },
      annotations: { "run.googleapis.com/ingress": "all" },
    },
    spec: {
      template: {
        metadata: {
          annotations: {
            "autoscaling.knative.dev/minScale": String(min),
            "autoscaling.knative.dev/maxScale": String(max),
            "run.googleapis.com/execution-environment": "gen2",
            "run.googleapis.com/startup-cpu-boost": "true",
          },
        },
        spec: {
          containerConcurrency: CONCURRENCY,
          timeoutSeconds: TIMEOUT_SECONDS,
          containers: [
            {
              image,
              ports: [{ name: "http1", containerPort: facts.server.port }],
              env: [...plain(shipment), ...secret(shipment)],
              resources: {
                limits: { cpu: String(cpu), memory: `${memoryMiB}Mi` },
              },
              startupProbe: {
                httpGet: { path: "/health" },
                periodSeconds: 1,
                failureThreshold: 30,
              },
              livenessProbe: { httpGet: { path: "/health" }, periodSeconds: 30 },
            },
          ],
        },
      },
    },
  };
}

const plain = (shipment: Shipment) =>
  Object.entries(environmentOf(shipment)).map(([name, value]) => ({ name, value }));

/** Secret Manager; the newest version at the start of a copy. */
const secret = ({ instance, secrets }: Shipment) =>
  secrets.map((name) => ({
    name,
    valueFrom: { secretKeyRef: { name: secretName(instance, name), key: "latest" } },
  }));
