import type { ServerFacts } from "../../../generate/facts.ts";
import { environmentOf, type Shipment } from "../../shipment.ts";
import { gatewayMounts } from "./gateway.ts";
import { labelsOf } from "./labels.ts";

/** The user "node" of the image. */
const USER = 1000;
/** A server finishes what runs within 30 s; before that, the endpoints forget it. */
const GRACE_SECONDS = 45;
const ENDPOINTS_SECONDS = 5;

export function deployment(shipment: Shipment) {
  const { facts, instance } = shipment;
  const { volume } = facts.deploy;
  const selector = { "app.kubernetes.io/instance": instance };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: instance, labels: labelsOf(shipment) },
    spec: {
      // how many is the autoscaler's to say, where there is one
      ...(volume && { replicas: 1 }),
      revisionHistoryLimit: 5,
      strategy: volume
        ? { type: "Recreate" }
        : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: labelsOf(shipment) },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: GRACE_SECONDS,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            seccompProfile: { type: "RuntimeDefault" },
          },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: selector },
            },
          ],
          containers: [containerOf(shipment)],
          volumes: [
            { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
            ...(volume ? [{ name: "data", persistentVolumeClaim: { claimName: instance } }] : []),
            ...gatewayMounts(shipment).volumes,
          ],
        },
      },
    },
  };
}

function containerOf(shipment: Shipment) {
  const { facts, instance, resources } = shipment;
  const { volume } = facts.deploy;
  return {
    name: facts.name,
    image: shipment.image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http", containerPort: facts.server.port }],
    env: [
      ...Object.entries(environmentOf(shipment)).map(([name, value]) => ({ name, value })),
      ...gatewayMounts(shipment).env,
      ...secretVariables(facts, instance),
    ],
    resources: {
      requests: {
        cpu: `${Math.round(resources.cpu * 1_000)}m`,
        memory: `${resources.memoryMiB}Mi`,
      },
      // memory is no more than was asked for; a limit on CPU would only slow a burst on a free node
      limits: { memory: `${resources.memoryMiB}Mi` },
    },
    startupProbe: probe("/health", { periodSeconds: 1, failureThreshold: 30 }),
    livenessProbe: probe("/health", { periodSeconds: 10, failureThreshold: 3 }),
    readinessProbe: probe("/ready", { periodSeconds: 5, failureThreshold: 2 }),
    lifecycle: { preStop: { exec: { command: ["sleep", String(ENDPOINTS_SECONDS)] } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...(volume ? [{ name: "data", mountPath: volume.path }] : []),
      ...gatewayMounts(shipment).volumeMounts,
    ],
  };
}

const probe = (path: string, times: Record<string, number>) => ({
  httpGet: { path, port: "http" },
  timeoutSeconds: 3,
  ...times,
});

/** By reference to one Secret, whose name is the instance's; what is not in it counts as absent. */
const secretVariables = ({ variables }: ServerFacts, instance: string) =>
  variables
    .filter(({ secret }) => secret)
    .map(({ name, required }) => ({
      name,
      valueFrom: { secretKeyRef: { name: instance, key: name, optional: !required } },
    }));
