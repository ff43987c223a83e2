import { replicasOf, type Shipment } from "../../shipment.ts";
import { labelsOf } from "./labels.ts";

/** Of what was asked for. Node is one thread: above this a queue forms. */
const CPU_PERCENT = 70;
const SCALE_DOWN_SECONDS = 300;

/** By CPU, which every cluster with a metrics server knows; for a gateway the production overlay adds the calls in flight. */
export function autoscaler(shipment: Shipment) {
  const { min, max } = replicasOf(shipment);
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: shipment.instance, labels: labelsOf(shipment) },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: shipment.instance },
      // a cluster keeps at least one: nothing would wake a server with none
      minReplicas: Math.max(1, min),
      maxReplicas: max,
      metrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            target: { type: "Utilization", averageUtilization: CPU_PERCENT },
          },
        },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: SCALE_DOWN_SECONDS } },
    },
  };
}

/** Nodes are emptied one copy at a time. */
export const disruptionBudget = (shipment: Shipment) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: shipment.instance, labels: labelsOf(shipment) },
  spec: {
    maxUnavailable: 1,
    selector: { matchLabels: { "app.kubernetes.io/instance": shipment.instance } },
  },
});
