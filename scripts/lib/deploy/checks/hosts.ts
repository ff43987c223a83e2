import * as z from "zod";
import { bySchema, path, plainVariables, port, variableName } from "./parts.ts";

const duration = z.string().regex(/^\d+(ms|s|m|h)$/, "a time like 15s");
const appName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower case letters, digits, hyphens");

/** fly.io/docs/reference/configuration */
export const flyCheck = bySchema(
  "toml",
  z.strictObject({
    app: appName,
    primary_region: z
      .string()
      .regex(/^[a-z]{3}$/, "a region of three letters")
      .optional(),
    kill_signal: z.enum([
      "SIGINT",
      "SIGTERM",
      "SIGQUIT",
      "SIGUSR1",
      "SIGUSR2",
      "SIGKILL",
      "SIGSTOP",
    ]),
    kill_timeout: z.int().min(0).max(300),
    build: z.strictObject({ dockerfile: z.string().optional(), image: z.string().optional() }),
    env: plainVariables,
    http_service: z.strictObject({
      internal_port: port,
      force_https: z.boolean(),
      auto_stop_machines: z.enum(["off", "stop", "suspend"]),
      auto_start_machines: z.boolean(),
      min_machines_running: z.int().min(0),
      concurrency: z.strictObject({
        type: z.enum(["requests", "connections"]),
        soft_limit: z.int().min(1),
        hard_limit: z.int().min(1),
      }),
      checks: z.array(
        z.strictObject({
          method: z.enum(["GET", "HEAD", "POST"]),
          path,
          interval: duration,
          timeout: duration,
          grace_period: duration,
        }),
      ),
    }),
    vm: z.array(
      z.strictObject({
        cpu_kind: z.enum(["shared", "performance"]),
        cpus: z.union([1, 2, 4, 8, 16].map((one) => z.literal(one))),
        memory: z.string().regex(/^\d+(mb|gb)$/),
      }),
    ),
    mounts: z
      .array(z.strictObject({ source: z.string().regex(/^[a-z0-9_]{1,30}$/), destination: path }))
      .optional(),
  }),
);

const renderVariable = z.union([
  z.strictObject({ key: variableName, value: z.string() }),
  z.strictObject({ key: variableName, sync: z.literal(false) }),
  z.strictObject({ key: variableName, generateValue: z.literal(true) }),
]);

/** render.com/docs/blueprint-spec */
export const renderCheck = bySchema(
  "yaml",
  z.strictObject({
    services: z.array(
      z
        .strictObject({
          type: z.enum(["web", "pserv", "worker"]),
          name: appName,
          runtime: z.enum(["docker", "image", "node"]),
          plan: z.enum(["free", "starter", "standard", "pro", "pro plus", "pro max", "pro ultra"]),
          region: z.enum(["oregon", "ohio", "virginia", "frankfurt", "singapore"]).optional(),
          rootDir: z.string().regex(/^[^./]/, "a path in the repository"),
          dockerfilePath: z.string(),
          dockerContext: z.string(),
          healthCheckPath: path,
          autoDeployTrigger: z.enum(["off", "commit", "checksPass"]),
          maxShutdownDelaySeconds: z.int().min(1).max(300),
          numInstances: z.int().min(1).max(100).optional(),
          scaling: z
            .strictObject({
              minInstances: z.int().min(1).max(100),
              maxInstances: z.int().min(1).max(100),
              targetCPUPercent: z.int().min(1).max(90).optional(),
              targetMemoryPercent: z.int().min(1).max(90).optional(),
            })
            .optional(),
          envVars: z.array(renderVariable),
          disk: z
            .strictObject({ name: appName, mountPath: path, sizeGB: z.int().min(1) })
            .optional(),
        })
        .refine(({ disk, scaling }) => !(disk && scaling), "a service with a disk does not scale"),
    ),
  }),
);

/** docs.deno.com/runtime/fundamentals/configuration */
export const denoCheck = bySchema(
  "json",
  z.strictObject({
    tasks: z.record(z.string(), z.string().startsWith("deno ")),
    deploy: z.strictObject({
      framework: z.string(),
      runtime: z.strictObject({ type: z.enum(["dynamic", "static"]), entrypoint: z.string() }),
    }),
    nodeModulesDir: z.enum(["auto", "manual", "none"]),
  }),
);

/** developers.cloudflare.com/workers/wrangler/configuration */
export const wranglerCheck = bySchema(
  "jsonc",
  z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    main: z.string().endsWith(".js"),
    compatibility_date: z.iso.date(),
    compatibility_flags: z.array(z.string()).refine((flags) => flags.includes("nodejs_compat"), {
      error: "a server needs nodejs_compat",
    }),
    define: z.record(z.string(), z.string()).optional(),
    workers_dev: z.boolean(),
    observability: z.strictObject({ enabled: z.boolean() }),
    vars: plainVariables,
  }),
);

/** vercel.com/docs/build-output-api/configuration */
export const vercelOutputCheck = bySchema(
  "json",
  z.strictObject({
    version: z.literal(3),
    routes: z.array(z.strictObject({ src: z.string(), dest: z.string() })),
  }),
);

/** vercel.com/docs/build-output-api/primitives */
export const vercelFunctionCheck = bySchema(
  "json",
  z.strictObject({
    runtime: z.enum(["nodejs20.x", "nodejs22.x", "nodejs24.x"]),
    handler: z.string().endsWith(".js"),
    launcherType: z.literal("Nodejs"),
    shouldAddHelpers: z.boolean(),
    supportsResponseStreaming: z.boolean(),
    environment: plainVariables,
  }),
);
