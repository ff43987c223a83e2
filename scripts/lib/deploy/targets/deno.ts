import type { Shipment } from "../shipment.ts";
import { given, step, type Target } from "../target.ts";
import { jsonText } from "../texts.ts";

const FILE = "deploy/deno.json";

export const deno: Target = {
  name: "deno",
  title: "Deno and Deno Deploy",
  files: (shipment) => ({ [FILE]: jsonText(settings(shipment)) }),
  tools: [{ names: ["deno"], from: "https://docs.deno.com/runtime/getting_started/installation/" }],
  pullsImage: false,
  takesBuild: true,
  needs: { DENO_DEPLOY_ORG: "your organization at console.deno.com" },
  steps: ({ instance }) => [
    step(`deno deploy --config ${FILE} --org ${given("DENO_DEPLOY_ORG")} --app ${instance} --prod`),
  ],
};

/** `deno task start` serves the built file with the rights it needs and no others. */
const settings = (shipment: Shipment) => ({
  tasks: { start: `deno serve --allow-env ${network(shipment)}../dist/server.js` },
  deploy: { framework: "", runtime: { type: "dynamic", entrypoint: "../dist/server.js" } },
  nodeModulesDir: "none",
});

const network = ({ facts }: Shipment) => (facts.deploy.egress.length > 0 ? "--allow-net " : "");
