import type { Resources } from "../config-schema.ts";
import { environmentOf, type Shipment, secretName } from "../shipment.ts";
import { given, step, type Target } from "../target.ts";
import { jsonText } from "../texts.ts";

const FILE = "deploy/aws-ecs-task.json";

const UNITS_A_CPU = 1_024;
/** What Fargate sells: CPU units, and the MiB that go with them. */
const SIZES = [
  { cpu: 256, memory: [512, 1_024, 2_048] },
  { cpu: 512, memory: steps(1_024, 4_096) },
  { cpu: 1_024, memory: steps(2_048, 8_192) },
  { cpu: 2_048, memory: steps(4_096, 16_384) },
  { cpu: 4_096, memory: steps(8_192, 30_720) },
];

function steps(from: number, to: number): number[] {
  return Array.from({ length: (to - from) / 1_024 + 1 }, (_, index) => from + index * 1_024);
}

export const awsEcs: Target = {
  name: "aws-ecs",
  title: "AWS ECS on Fargate",
  files: (shipment) => ({ [FILE]: jsonText(task(shipment)) }),
  tools: [
    { names: ["aws"], from: "https://docs.aws.amazon.com/cli/latest/userguide/install-cliv2.html" },
  ],
  sold,
  pullsImage: true,
  needs: {
    AWS_REGION: "the region, like eu-central-1",
    AWS_ACCOUNT_ID: "aws sts get-caller-identity --query Account",
    ECS_EXECUTION_ROLE_ARN: "the role that pulls images and reads secrets",
    ECS_CLUSTER: "the cluster that has the services",
  },
  steps: ({ instance }) => {
    const cluster = `--cluster ${given("ECS_CLUSTER")}`;
    return [
      step(`aws ecs register-task-definition --cli-input-json file://${FILE}`),
      step(`aws ecs update-service ${cluster} --service ${instance} --task-definition ${instance}`),
      step(`aws ecs wait services-stable ${cluster} --services ${instance}`),
    ];
  },
};

function task(shipment: Shipment) {
  const { facts, instance, image, secrets } = shipment;
  const { port } = facts.server;
  const size = sold(shipment.resources);
  return {
    family: instance,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
    cpu: String(size.cpu * UNITS_A_CPU),
    memory: String(size.memoryMiB),
    executionRoleArn: given("ECS_EXECUTION_ROLE_ARN"),
    containerDefinitions: [
      {
        name: facts.name,
        image,
        essential: true,
        user: "1000:1000",
        readonlyRootFilesystem: true,
        stopTimeout: 35,
        portMappings: [{ containerPort: port, protocol: "tcp", appProtocol: "http" }],
        environment: Object.entries(environmentOf(shipment)).map(([name, value]) => ({
          name,
          value,
        })),
        secrets: secrets.map((name) => ({
          name,
          valueFrom: `arn:aws:ssm:${given("AWS_REGION")}:${given("AWS_ACCOUNT_ID")}:parameter/${secretName(instance, name)}`,
        })),
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": `/flotilla/${instance}`,
            "awslogs-region": given("AWS_REGION"),
            "awslogs-stream-prefix": facts.name,
            "awslogs-create-group": "true",
          },
        },
        healthCheck: {
          command: ["CMD", "node", "-e", healthScript(port)],
          interval: 30,
          timeout: 5,
          retries: 3,
          startPeriod: 5,
        },
      },
    ],
  };
}

const healthScript = (port: number) =>
  `fetch("http://127.0.0.1:${port}/health").then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))`;

/** The smallest size that has both, or the largest. */
function sold({ cpu, memoryMiB }: Resources): Resources {
  for (const size of SIZES) {
    const memory = size.memory.find((one) => one >= memoryMiB);
    if (size.cpu >= cpu * UNITS_A_CPU && memory)
      return { cpu: size.cpu / UNITS_A_CPU, memoryMiB: memory };
  }
  return { cpu: 4, memoryMiB: 30_720 };
}
