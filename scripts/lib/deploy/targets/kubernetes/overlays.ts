import { stringify } from "yaml";
import { isGateway, type Shipment } from "../../shipment.ts";

/** The gauge of a gateway that says how many calls it has under way. */
export const IN_FLIGHT_METRIC = "mcp_inflight";
/** Calls in flight of one copy before another is started. */
const CALLS_PER_COPY = "40";

interface Patch {
  target: { kind: string; name: string };
  patch: string;
}

/** What differs from the base at one place: names, profile, and how it scales. */
export function overlay(shipment: Shipment, profile: Shipment["profile"], namespace: string) {
  return {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace,
    resources: ["../../base"],
    labels: [{ pairs: { "app.kubernetes.io/environment": profile } }],
    patches: patches(shipment, profile),
  };
}

function patches(shipment: Shipment, profile: Shipment["profile"]): Patch[] {
  const { facts, instance } = shipment;
  const container = { name: facts.name, env: [{ name: "ENVIRONMENT", value: profile }] };
  const settings = {
    target: { kind: "Deployment", name: instance },
    patch: stringify({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: instance },
      spec: { template: { spec: { containers: [container] } } },
    }),
  };
  if (profile === "staging" || !isGateway(facts)) return [settings];
  const metric = [{ op: "add", path: "/spec/metrics/-", value: inFlight }];
  const target = { kind: "HorizontalPodAutoscaler", name: instance };
  return [settings, { target, patch: stringify(metric) }];
}

/** A gateway waits more than it computes. It comes by way of an adapter such as prometheus-adapter. */
const inFlight = {
  type: "Pods",
  pods: {
    metric: { name: IN_FLIGHT_METRIC },
    target: { type: "AverageValue", averageValue: CALLS_PER_COPY },
  },
};
