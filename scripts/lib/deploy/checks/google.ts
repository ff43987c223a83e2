import * as z from "zod";
import { bySchema, image, path, port, variableName } from "./parts.ts";

const count = z.string().regex(/^\d+$/, "a whole number, as text");
const probe = z.strictObject({
  httpGet: z.strictObject({ path, port: port.optional() }),
  initialDelaySeconds: z.int().min(0).max(240).optional(),
  timeoutSeconds: z.int().min(1).max(3_600).optional(),
  periodSeconds: z.int().min(1).max(240),
  failureThreshold: z.int().min(1).optional(),
});

const container = z.strictObject({
  name: z.string().optional(),
  image,
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  ports: z.tuple([z.strictObject({ name: z.enum(["http1", "h2c"]), containerPort: port })]),
  env: z.array(
    z.union([
      z.strictObject({ name: variableName, value: z.string() }),
      z.strictObject({
        name: variableName,
        valueFrom: z.strictObject({
          secretKeyRef: z.strictObject({
            name: z.string().regex(/^[\w-]{1,255}$/),
            key: z.string().regex(/^(latest|\d+)$/),
          }),
        }),
      }),
    ]),
  ),
  resources: z.strictObject({
    limits: z.strictObject({
      cpu: z.enum(["1", "2", "4", "6", "8"]),
      memory: z.string().regex(/^\d+(Mi|Gi)$/),
    }),
  }),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
});

/** The Knative Service as Cloud Run takes it: cloud.google.com/run/docs/reference/yaml/v1 */
export const cloudRunCheck = bySchema(
  "yaml",
  z.strictObject({
    apiVersion: z.literal("serving.knative.dev/v1"),
    kind: z.literal("Service"),
    metadata: z.strictObject({
      name: z.string().regex(/^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/, "at most 49 lower case letters"),
      namespace: z.string().optional(),
      labels: z.record(z.string(), z.string()).optional(),
      annotations: z
        .strictObject({
          "run.googleapis.com/ingress": z.enum([
            "all",
            "internal",
            "internal-and-cloud-load-balancing",
          ]),
        })
        .optional(),
    }),
    spec: z.strictObject({
      template: z.strictObject({
        metadata: z.strictObject({
          annotations: z.strictObject({
            "autoscaling.knative.dev/minScale": count,
            "autoscaling.knative.dev/maxScale": count,
            "run.googleapis.com/execution-environment": z.enum(["gen1", "gen2"]),
            "run.googleapis.com/startup-cpu-boost": z.enum(["true", "false"]),
          }),
        }),
        spec: z.strictObject({
          containerConcurrency: z.int().min(1).max(1_000),
          timeoutSeconds: z.int().min(1).max(3_600),
          serviceAccountName: z.string().optional(),
          containers: z.tuple([container]),
        }),
      }),
      traffic: z.array(z.unknown()).optional(),
    }),
  }),
);
