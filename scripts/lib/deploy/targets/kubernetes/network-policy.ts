import { isGateway, type Shipment } from "../../shipment.ts";
import { labelsOf, PART_OF } from "./labels.ts";

const DNS = 53;

/** Calls come from the gateway and from ingress controllers; out go names and what the server needs. */
export function networkPolicy(shipment: Shipment) {
  const { facts, instance } = shipment;
  const { egress } = facts.deploy;
  const tcp = (port: number) => ({ protocol: "TCP", port });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: instance, labels: labelsOf(shipment) },
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/instance": instance } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { "app.kubernetes.io/part-of": PART_OF } } },
            {
              namespaceSelector: {
                matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" },
              },
            },
          ],
          ports: [tcp(facts.server.port)],
        },
      ],
      egress: [
        { ports: [{ protocol: "UDP", port: DNS }, tcp(DNS)] },
        ...(isGateway(facts)
          ? [{ to: [{ podSelector: { matchLabels: { "app.kubernetes.io/part-of": PART_OF } } }] }]
          : []),
        ...(egress.length > 0 ? [{ ports: egress.map(tcp) }] : []),
      ],
    },
  };
}
