import { parseAllDocuments } from "yaml";
import { isRecord } from "../../unknown.ts";
import type { Source } from "./compile.ts";

/** The kinds we write, and where kubernetes-types, made from the API's own schemas, has their type. */
const TYPES: Readonly<Record<string, string>> = {
  "apps/v1 Deployment": "apps/v1",
  "v1 Service": "core/v1",
  "v1 ConfigMap": "core/v1",
  "v1 PersistentVolumeClaim": "core/v1",
  "autoscaling/v2 HorizontalPodAutoscaler": "autoscaling/v2",
  "policy/v1 PodDisruptionBudget": "policy/v1",
  "networking.k8s.io/v1 NetworkPolicy": "networking/v1",
};

/**
 * The objects of a file as values of their kinds' types: the compiler then refuses a field that the
 * API does not know, a value of another type and a missing field. Throws on what is no such object.
 */
export function kubernetesSource(path: string, text: string): Source {
  const lines = parseAllDocuments(text).map((document, index) => {
    if (document.errors[0]) throw document.errors[0];
    const value: unknown = document.toJSON();
    if (!isRecord(value)) throw new Error("it is no object");
    const { apiVersion, kind } = value;
    const from = TYPES[`${apiVersion} ${kind}`];
    if (!from) {
      throw new Error(`no check knows ${apiVersion} ${kind}: ${Object.keys(TYPES).join(", ")}`);
    }
    const type = `import("kubernetes-types/${from}").${kind}`;
    return `export const m${index} = ${JSON.stringify(value)} satisfies ${type};`;
  });
  return { path, code: `${lines.join("\n")}\n` };
}
