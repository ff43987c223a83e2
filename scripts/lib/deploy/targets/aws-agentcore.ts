import { environmentOf, type Shipment } from "../shipment.ts";
import { given, step, type Target } from "../target.ts";
import { jsonText } from "../texts.ts";
import { imageSteps } from "./container.ts";

const FILE = "deploy/aws-agentcore.json";

/** Where AgentCore looks for MCP, whatever the image says. */
const PORT = "8000";
/** It runs no other architecture. */
const PLATFORM = "linux/arm64";

export const awsAgentcore: Target = {
  name: "aws-agentcore",
  title: "AWS Bedrock AgentCore Runtime",
  files: (shipment) => ({ [FILE]: jsonText(runtime(shipment)) }),
  tools: [
    { names: ["aws"], from: "https://docs.aws.amazon.com/cli/latest/userguide/install-cliv2.html" },
  ],
  // not by the common way, because the image is for another architecture
  pullsImage: false,
  needs: {
    AGENTCORE_ROLE_ARN: "the role that the runtime takes",
    AGENTCORE_RUNTIME_ID: "what create-agent-runtime answered: it is made once, by hand",
  },
  steps: (shipment) => [
    ...imageSteps({ ...shipment, image: imageOf(shipment) }, PLATFORM),
    step(
      `aws bedrock-agentcore-control update-agent-runtime --agent-runtime-id ${given("AGENTCORE_RUNTIME_ID")} --cli-input-json file://${FILE}`,
    ),
  ],
};

/** Its own, so that nobody pulls an image for another processor by the same name. */
const imageOf = ({ image }: Shipment) => `${image}-arm64`;

/** What making a runtime and changing it have in common; its name or id goes beside it. */
const runtime = (shipment: Shipment) => ({
  agentRuntimeArtifact: { containerConfiguration: { containerUri: imageOf(shipment) } },
  roleArn: given("AGENTCORE_ROLE_ARN"),
  networkConfiguration: { networkMode: "PUBLIC" },
  protocolConfiguration: { serverProtocol: "MCP" },
  environmentVariables: { PORT, HOST: "0.0.0.0", ...environmentOf(shipment) },
});
