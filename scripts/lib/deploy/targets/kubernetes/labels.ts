import type { Shipment } from "../../shipment.ts";

export const PART_OF = "flotilla";

/** The recommended labels; objects are selected by the instance. */
export const labelsOf = ({ facts, instance }: Shipment): Record<string, string> => ({
  "app.kubernetes.io/name": facts.name,
  "app.kubernetes.io/instance": instance,
  "app.kubernetes.io/part-of": PART_OF,
});
