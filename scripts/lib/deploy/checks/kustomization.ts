import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { bySchema, type FileCheck } from "./parts.ts";

const kind = z.enum(["Deployment", "HorizontalPodAutoscaler"]);

/** kubectl.docs.kubernetes.io/references/kustomize/kustomization */
const schema = z.strictObject({
  apiVersion: z.literal("kustomize.config.k8s.io/v1beta1"),
  kind: z.literal("Kustomization"),
  namespace: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/)
    .optional(),
  resources: z.array(z.string()).min(1),
  labels: z.array(z.strictObject({ pairs: z.record(z.string(), z.string()) })).optional(),
  patches: z
    .array(
      z.strictObject({ target: z.strictObject({ kind, name: z.string() }), patch: z.string() }),
    )
    .optional(),
  configMapGenerator: z
    .array(z.strictObject({ name: z.string(), files: z.array(z.string()) }))
    .optional(),
});

/** The schema, and that what is named is there. What patches make is checked where kubectl is. */
export const kustomizationCheck: FileCheck = async (text, path) => {
  let named: string[] = [];
  const noted = schema.transform(({ resources, configMapGenerator = [] }) => {
    named = [...resources, ...configMapGenerator.flatMap(({ files }) => files)];
  });
  const problems = await bySchema("yaml", noted)(text, path);
  const missing = named.filter((name) => !existsSync(join(dirname(path), name)));
  return [...problems, ...missing.map((name) => `${name} is not there`)];
};
