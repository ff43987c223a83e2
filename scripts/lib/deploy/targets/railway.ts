import { environmentOf, replicasOf, type Shipment } from "../shipment.ts";
import { step, type Target } from "../target.ts";

const FILE = ".railway/railway.ts";

export const railway: Target = {
  name: "railway",
  title: "Railway",
  files: (shipment) => ({ [FILE]: program(shipment) }),
  tools: [{ names: ["railway"], from: "https://docs.railway.com/cli" }],
  pullsImage: true,
  steps: () => [step(`railway config apply --file ${FILE} --yes`)],
};

function program(shipment: Shipment): string {
  const { facts, instance, image, secrets } = shipment;
  const settings = {
    healthcheck: "/ready",
    replicas: Math.max(1, replicasOf(shipment).min),
    deploy: { restartPolicyType: "ON_FAILURE", restartPolicyMaxRetries: 10 },
  };
  const env = { PORT: String(facts.server.port), ...environmentOf(shipment) };
  const kept = secrets.map((name) => `      ${name}: preserve(),\n`).join("");
  return `// Written by pnpm generate. Do not edit.
import { defineRailway, image, ${kept && "preserve, "}project, service } from "railway/iac";

export default defineRailway(() => {
  const server = service(${JSON.stringify(instance)}, {
    source: image(${JSON.stringify(image)}),
${lines(settings, 4)}
    env: {
${lines(env, 6)}
${kept}    },
  });
  return project(${JSON.stringify(instance)}, { resources: [server] });
});
`;
}

const lines = (value: object, indent: number) =>
  Object.entries(value)
    .map(([key, item]) => `${" ".repeat(indent)}${key}: ${JSON.stringify(item)},`)
    .join("\n");
