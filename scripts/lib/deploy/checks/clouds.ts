import * as z from "zod";
import { bySchema, image, path, plainVariables, port, variableName } from "./parts.ts";

const arn = z.string().regex(/^(arn:aws:|\$\{[A-Z_]+\})/, "an ARN");
const nameValue = z.strictObject({ name: variableName, value: z.string() });

/** docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
export const ecsCheck = bySchema(
  "json",
  z.strictObject({
    family: z.string().regex(/^[\w-]{1,255}$/),
    requiresCompatibilities: z.array(z.enum(["EC2", "FARGATE", "EXTERNAL"])),
    networkMode: z.literal("awsvpc", { error: "Fargate takes awsvpc" }),
    runtimePlatform: z.strictObject({
      cpuArchitecture: z.enum(["X86_64", "ARM64"]),
      operatingSystemFamily: z.literal("LINUX"),
    }),
    cpu: z.enum(["256", "512", "1024", "2048", "4096", "8192", "16384"]),
    memory: z.string().regex(/^\d+$/),
    executionRoleArn: arn,
    taskRoleArn: arn.optional(),
    containerDefinitions: z.array(
      z.strictObject({
        name: z.string().regex(/^[\w-]{1,255}$/),
        image,
        essential: z.boolean(),
        user: z.string().regex(/^[1-9]\d*(:\d+)?$/, "a user that is not root"),
        readonlyRootFilesystem: z.boolean(),
        stopTimeout: z.int().min(0).max(120),
        portMappings: z.array(
          z.strictObject({
            containerPort: port,
            protocol: z.enum(["tcp", "udp"]),
            appProtocol: z.enum(["http", "http2", "grpc"]),
          }),
        ),
        environment: z.array(nameValue),
        secrets: z.array(z.strictObject({ name: variableName, valueFrom: arn })),
        linuxParameters: z.strictObject({
          initProcessEnabled: z.boolean(),
          capabilities: z.strictObject({ drop: z.array(z.string()) }),
        }),
        logConfiguration: z.strictObject({
          logDriver: z.enum(["awslogs", "splunk", "awsfirelens"]),
          options: z.record(z.string(), z.string()),
        }),
        healthCheck: z.strictObject({
          command: z.tuple([z.enum(["CMD", "CMD-SHELL"])]).rest(z.string()),
          interval: z.int().min(5).max(300),
          timeout: z.int().min(2).max(60),
          retries: z.int().min(1).max(10),
          startPeriod: z.int().min(0).max(300),
        }),
      }),
    ),
  }),
);

/** docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_UpdateAgentRuntime.html */
export const agentcoreCheck = bySchema(
  "json",
  z.strictObject({
    agentRuntimeArtifact: z.strictObject({
      containerConfiguration: z.strictObject({ containerUri: image }),
    }),
    roleArn: arn,
    networkConfiguration: z.strictObject({ networkMode: z.enum(["PUBLIC", "VPC"]) }),
    protocolConfiguration: z.strictObject({ serverProtocol: z.enum(["MCP", "HTTP", "A2A"]) }),
    environmentVariables: plainVariables.refine(({ PORT }) => PORT === "8000", {
      error: "AgentCore looks for MCP on port 8000",
    }),
  }),
);

const probe = z.strictObject({
  type: z.enum(["Startup", "Liveness", "Readiness"]),
  httpGet: z.strictObject({ path, port }),
  periodSeconds: z.int().min(1).max(240),
});

/** learn.microsoft.com/azure/container-apps/azure-resource-manager-api-spec */
export const azureCheck = bySchema(
  "yaml",
  z.strictObject({
    type: z.literal("Microsoft.App/containerApps"),
    location: z.string().optional(),
    identity: z.strictObject({ type: z.enum(["None", "SystemAssigned", "UserAssigned"]) }),
    properties: z.strictObject({
      managedEnvironmentId: z.string().min(1),
      configuration: z.strictObject({
        activeRevisionsMode: z.enum(["Single", "Multiple"]),
        ingress: z.strictObject({
          external: z.boolean(),
          targetPort: port,
          transport: z.enum(["auto", "http", "http2", "tcp"]),
          allowInsecure: z.boolean(),
        }),
        secrets: z
          .array(
            z.strictObject({
              name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
              keyVaultUrl: z.string(),
              identity: z.string(),
            }),
          )
          .optional(),
      }),
      template: z.strictObject({
        terminationGracePeriodSeconds: z.int().min(0).max(600),
        containers: z.array(
          z.strictObject({
            name: z.string(),
            image,
            resources: z
              .strictObject({ cpu: z.number().multipleOf(0.25), memory: z.string() })
              .refine(({ cpu, memory }) => memory === `${cpu * 2}Gi`, "each CPU has 2 GiB"),
            env: z.array(
              z.union([nameValue, z.strictObject({ name: variableName, secretRef: z.string() })]),
            ),
            probes: z.array(probe),
          }),
        ),
        scale: z.strictObject({
          minReplicas: z.int().min(0).max(1_000),
          maxReplicas: z.int().min(1).max(1_000),
          rules: z.array(
            z.strictObject({
              name: z.string(),
              http: z.strictObject({
                metadata: z.strictObject({ concurrentRequests: z.string().regex(/^\d+$/) }),
              }),
            }),
          ),
        }),
      }),
    }),
  }),
);
