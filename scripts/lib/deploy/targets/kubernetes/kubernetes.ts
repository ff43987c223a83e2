import type { Shipment } from "../../shipment.ts";
import { step, type Target } from "../../target.ts";
import { jsonText, yamlText } from "../../texts.ts";
import { deployment } from "./deployment.ts";
import { GATEWAY_FILE, gatewaySettings } from "./gateway.ts";
import { labelsOf } from "./labels.ts";
import { networkPolicy } from "./network-policy.ts";
import { overlay } from "./overlays.ts";
import { autoscaler, disruptionBudget } from "./scaling.ts";

const FOLDER = "deploy/kubernetes";
const ROLLOUT_TIMEOUT = "5m";

export const PROFILES = ["staging", "production"] as const;
export const namespaceOf = (profile: Shipment["profile"]): string => `mcp-${profile}`;

export const kubernetes: Target = {
  name: "kubernetes",
  title: "Kubernetes",
  files,
  tools: [{ names: ["kubectl"], from: "https://kubernetes.io/docs/tasks/tools/" }],
  pullsImage: true,
  steps: ({ instance, profile }) => [
    step(`kubectl apply --kustomize ${FOLDER}/overlays/${profile}`),
    rolledOut(instance, profile),
  ],
  rollback: ({ instance, profile }) => [
    step(`kubectl rollout undo deployment/${instance} --namespace ${namespaceOf(profile)}`),
    rolledOut(instance, profile),
  ],
};

const rolledOut = (instance: string, profile: Shipment["profile"]) =>
  step(
    `kubectl rollout status deployment/${instance} --namespace ${namespaceOf(profile)} --timeout=${ROLLOUT_TIMEOUT}`,
  );

function files(shipment: Shipment): Record<string, string> {
  const base = baseObjects(shipment);
  const settings = gatewaySettings(shipment);
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: Object.keys(base),
    // its name gets a hash of its content, so that other settings start other copies
    ...(settings && {
      configMapGenerator: [{ name: shipment.instance, files: [GATEWAY_FILE] }],
    }),
  };
  const texts: [string, string][] = Object.entries(base).map(([name, object]) => [
    `${FOLDER}/base/${name}`,
    yamlText(object),
  ]);
  const overlays = PROFILES.map((profile): [string, string] => [
    `${FOLDER}/overlays/${profile}/kustomization.yaml`,
    yamlText(overlay(shipment, profile, namespaceOf(profile))),
  ]);
  return Object.fromEntries([
    [`${FOLDER}/base/kustomization.yaml`, yamlText(kustomization)],
    ...texts,
    ...(settings ? [[`${FOLDER}/base/${GATEWAY_FILE}`, jsonText(settings)]] : []),
    ...overlays,
  ]);
}

function baseObjects(shipment: Shipment): Record<string, unknown> {
  const { volume } = shipment.facts.deploy;
  return {
    "deployment.yaml": deployment(shipment),
    "service.yaml": service(shipment),
    "network-policy.yaml": networkPolicy(shipment),
    "disruption-budget.yaml": disruptionBudget(shipment),
    // one copy that holds a folder is all there can be
    ...(volume
      ? { "volume-claim.yaml": volumeClaim(shipment, volume.sizeGiB) }
      : { "autoscaler.yaml": autoscaler(shipment) }),
  };
}

const service = (shipment: Shipment) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: shipment.instance, labels: labelsOf(shipment) },
  spec: {
    selector: { "app.kubernetes.io/instance": shipment.instance },
    ports: [{ name: "http", port: shipment.facts.server.port, targetPort: "http" }],
  },
});

const volumeClaim = (shipment: Shipment, sizeGiB: number) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: shipment.instance, labels: labelsOf(shipment) },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: `${sizeGiB}Gi` } },
  },
});
